from django.db import migrations, models
from django.db.models import Q

CLOSED = ("accepted", "upheld", "cleared")


class Migration(migrations.Migration):
    dependencies = [("emitters", "0003_closings_filled")]

    operations = [
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=(Q(status__in=CLOSED) & ~Q(closing=""))
                | (~Q(status__in=CLOSED) & Q(closing="")),
                name="question_closed_with_code",
            ),
        ),
    ]
