"""Screens of walls with what was put on them, and which items of the queue the room was told of."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('discipline', '0052_conduct_samples'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='QueueReminder',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40, unique=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'pengingat antrean',
                'verbose_name_plural': 'pengingat antrean',
                'indexes': [models.Index(fields=['at'], name='queue_reminder_at')],
            },
        ),
        migrations.CreateModel(
            name='WallScreen',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=40, verbose_name='nama layar')),
                ('seen_at', models.DateTimeField(null=True)),
                ('channel', models.CharField(blank=True, default='', max_length=120)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'layar',
                'verbose_name_plural': 'layar',
                'ordering': ['name', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='ScreenSpotlight',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=40)),
                ('title', models.CharField(max_length=240)),
                ('place', models.CharField(blank=True, default='', max_length=240)),
                ('latitude', models.FloatField(null=True)),
                ('longitude', models.FloatField(null=True)),
                ('places', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), default=list, size=None)),
                ('at', models.DateTimeField()),
                ('until', models.DateTimeField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('screen', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='spotlights', to='discipline.wallscreen')),
            ],
            options={
                'verbose_name': 'sorotan layar',
                'verbose_name_plural': 'sorotan layar',
                'ordering': ['-pk'],
            },
        ),
        migrations.AddConstraint(
            model_name='wallscreen',
            constraint=models.UniqueConstraint(fields=('user', 'name'), name='wall_screen_once'),
        ),
        migrations.AddConstraint(
            model_name='screenspotlight',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('screen',), name='screen_spotlight_one'),
        ),
        migrations.AddConstraint(
            model_name='screenspotlight',
            constraint=models.CheckConstraint(condition=models.Q(('until__gt', models.F('at'))), name='screen_spotlight_lasts'),
        ),
    ]
