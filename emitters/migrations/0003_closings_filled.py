from django.db import migrations


def fill_closings(apps, schema_editor):
    """Accepted meant explained; of what was upheld or cleared nobody has said more."""
    questions = apps.get_model("emitters", "Question").objects.filter(closing="")
    questions.filter(status="accepted").update(closing="explained")
    questions.filter(status__in=["upheld", "cleared"]).update(closing="not_examined")


def fill_fingerprints(apps, schema_editor):
    """The parts of stored scores name their results, which were stored in the same order."""
    results = apps.get_model("emitters", "CheckResult").objects
    versions = apps.get_model("emitters", "ReportVersion").objects.exclude(risk={})
    for version in versions.iterator(chunk_size=200):
        prints = results.filter(version=version).order_by("pk")
        parts = [p for f in version.risk["families"] for p in f["parts"]]
        for part, fingerprint in zip(
            parts, prints.values_list("fingerprint", flat=True), strict=True
        ):
            part["fingerprint"] = fingerprint
        version.save(update_fields=["risk"])


class Migration(migrations.Migration):
    dependencies = [("emitters", "0002_question_closing")]

    operations = [
        migrations.RunPython(fill_closings, migrations.RunPython.noop),
        migrations.RunPython(fill_fingerprints, migrations.RunPython.noop),
    ]
