import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import voting.models.hands


class Migration(migrations.Migration):
    dependencies = [
        ("areas", "0002_catalogue"),
        ("voting", "0002_owners_and_methods"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="HandCount",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("present", models.PositiveIntegerField()),
                ("counts", models.JSONField()),
                ("minutes", models.FileField(upload_to=voting.models.hands.minutes_path)),
                ("minutes_hash", models.CharField(max_length=64)),
                ("entered_at", models.DateTimeField()),
                ("confirmed_at", models.DateTimeField(blank=True, null=True)),
            ],
        ),
        migrations.AddField(
            model_name="ballot",
            name="place",
            field=models.CharField(blank=True, max_length=100),
        ),
        migrations.AlterField(
            model_name="ballot",
            name="kind",
            field=models.CharField(
                choices=[("secret", "Secret"), ("named", "Named"), ("open_show", "Show of hands")],
                default="secret",
                max_length=10,
            ),
        ),
        migrations.AddConstraint(
            model_name="ballot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind", "open_show"), ("roll_kind", "residents"), models.Q(("place", ""), _negated=True)),
                    models.Q(models.Q(("kind", "open_show"), _negated=True), ("place", "")),
                    _connector="OR",
                ),
                name="voting_show_has_place",
            ),
        ),
        migrations.AddField(
            model_name="handcount",
            name="ballot",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.PROTECT, related_name="hand_count", to="voting.ballot"
            ),
        ),
        migrations.AddField(
            model_name="handcount",
            name="confirmed_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddField(
            model_name="handcount",
            name="entered_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="handcount",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("confirmed_at", None), ("confirmed_by", None)),
                    models.Q(
                        ("confirmed_at__isnull", False),
                        ("confirmed_by__isnull", False),
                        models.Q(("confirmed_by", models.F("entered_by")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="voting_hands_counted_by_two",
            ),
        ),
    ]
