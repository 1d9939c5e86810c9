"""Rights and agencies of API clients, topics of webhooks, and calls about incidents, tasks and reports."""

import discipline.api.access.models
import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0049_case_files'),
        ('offices', '0020_file_access_of_recordings'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='webhookcall',
            name='webhook_call_once',
        ),
        migrations.RemoveConstraint(
            model_name='webhookcall',
            name='webhook_call_is_about_something',
        ),
        migrations.AddField(
            model_name='apiclient',
            name='agencies',
            field=models.ManyToManyField(blank=True, related_name='+', to='offices.agency', verbose_name='instansi'),
        ),
        migrations.AddField(
            model_name='apiclient',
            name='rights',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=discipline.api.access.models.usual_rights, size=None, verbose_name='hak'),
        ),
        migrations.AddField(
            model_name='webhook',
            name='about',
            field=django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=32), default=discipline.api.access.models.usual_topics, size=None, verbose_name='peristiwa'),
        ),
        migrations.AddField(
            model_name='webhookcall',
            name='complaint_step',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discipline.complaintstep'),
        ),
        migrations.AddField(
            model_name='webhookcall',
            name='incident_step',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discipline.incidentstep'),
        ),
        migrations.AddField(
            model_name='webhookcall',
            name='task_step',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='discipline.taskstep'),
        ),
        migrations.AlterField(
            model_name='webhookcall',
            name='event',
            field=models.CharField(choices=[('opened', 'Baru'), ('ended', 'Berakhir'), ('decided', 'Diputuskan'), ('withdrawn', 'Ditarik kembali'), ('changed', 'Berubah'), ('closed', 'Ditutup'), ('test', 'Percobaan')], max_length=9),
        ),
        migrations.AddConstraint(
            model_name='webhookcall',
            constraint=models.UniqueConstraint(condition=models.Q(('event', 'test'), _negated=True), fields=('webhook', 'alert', 'event', 'decision', 'incident_step', 'task_step', 'complaint_step'), name='webhook_call_once', nulls_distinct=False),
        ),
        migrations.AddConstraint(
            model_name='webhookcall',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('alert', None), ('decision', None), ('event', 'test'), ('complaint_step', None), ('incident_step', None), ('task_step', None)), models.Q(('alert__isnull', False), ('decision__isnull', False), ('event', 'decided'), ('complaint_step', None), ('incident_step', None), ('task_step', None)), models.Q(('alert__isnull', False), ('decision', None), ('event__in', ['opened', 'ended', 'withdrawn']), ('complaint_step', None), ('incident_step', None), ('task_step', None)), models.Q(('alert', None), ('decision', None), ('event__in', ['opened', 'changed', 'closed']), models.Q(models.Q(('complaint_step__isnull', True), ('incident_step__isnull', False), ('task_step__isnull', True)), models.Q(('complaint_step__isnull', True), ('incident_step__isnull', True), ('task_step__isnull', False)), models.Q(('complaint_step__isnull', False), ('incident_step__isnull', True), ('task_step__isnull', True)), _connector='OR')), _connector='OR'), name='webhook_call_is_about_something'),
        ),
    ]
