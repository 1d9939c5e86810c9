"""Why a hint was refused."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('streams', '0026_width_of_public_pictures'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='streethint',
            name='refusal',
            field=models.CharField(blank=True, choices=[('nothing', 'Tidak ada apa-apa di sana'), ('light', 'Bayangan, pantulan, hujan, atau lensa kotor'), ('slight', 'Ada, tetapi terlalu sedikit untuk ditangani'), ('known', 'Benar, tetapi sudah ditangani dalam kejadian lain'), ('allowed', 'Benar, tetapi diizinkan: acara, pekerjaan jalan, pasar'), ('other', 'Lain, tulis di bawah')], db_default='', default='', max_length=8),
        ),
        migrations.AddField(
            model_name='streethint',
            name='refusal_text',
            field=models.CharField(blank=True, db_default='', default='', max_length=200),
        ),
        migrations.AddConstraint(
            model_name='streethint',
            constraint=models.CheckConstraint(condition=models.Q(('decision', 'no'), models.Q(('refusal', ''), ('refusal_text', '')), _connector='OR'), name='street_hint_refusal_of_a_refused'),
        ),
    ]
