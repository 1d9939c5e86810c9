"""What was changed of articles of bylaws."""

import django.core.validators
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

TABLE = "discipline_articlechange"
REFUSE = (
    f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON {TABLE}\n"
    f"    FOR EACH ROW EXECUTE FUNCTION table_is_append_only();\n"
    f"CREATE TRIGGER never_truncated BEFORE TRUNCATE ON {TABLE} EXECUTE FUNCTION table_is_append_only();\n"
)
ALLOW = f"DROP TRIGGER never_truncated ON {TABLE};\nDROP TRIGGER append_only ON {TABLE};\n"



class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0054_exports_of_case_files'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ArticleChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('added', models.BooleanField(default=False)),
                ('changed', models.JSONField()),
                ('reason', models.CharField(max_length=500, validators=[django.core.validators.RegexValidator('(\\S\\s*){10}', 'Tulis alasannya, sedikitnya 10 huruf.')], verbose_name='alasan')),
                ('article', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='changes', to='discipline.bylawarticle')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'perubahan pasal peraturan',
                'verbose_name_plural': 'perubahan pasal peraturan',
                'ordering': ['-pk'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reason__regex', '(\\S\\s*){10}')), name='article_change_says_why')],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
