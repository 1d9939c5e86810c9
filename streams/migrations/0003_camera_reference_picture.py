from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("streams", "0002_evidence"),
    ]

    operations = [
        migrations.AddField("camera", "reference_jpeg", models.BinaryField(editable=False, null=True)),
        migrations.AddField("camera", "reference_at", models.DateTimeField(editable=False, null=True)),
        migrations.AddField("camera", "former_reference", models.BinaryField(editable=False, null=True)),
        migrations.AddField("camera", "former_jpeg", models.BinaryField(editable=False, null=True)),
        migrations.AddField("camera", "former_at", models.DateTimeField(editable=False, null=True)),
    ]
