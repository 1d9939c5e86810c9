"""A camat asks to close a counter of the own kecamatan office. Going back refuses while there are such requests."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('offices', '0013_given_password'),
    ]

    operations = [
        migrations.AlterField(
            model_name='closurerequest',
            name='kelurahan',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='closure_requests', to='offices.kelurahan', verbose_name='kantor'),
        ),
        migrations.AddConstraint(
            model_name='closurerequest',
            constraint=models.CheckConstraint(condition=models.Q(('kelurahan__isnull', False), ('counter__isnull', False), _connector='OR'), name='closure_request_has_an_office'),
        ),
    ]
