from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("emitters", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="question",
            name="closing",
            field=models.CharField(
                blank=True,
                choices=[
                    ("falsified", "查实弄虚作假"),
                    ("favourable", "查实差错，有利于企业"),
                    ("unfavourable", "查实差错，不利于企业"),
                    ("explained", "情况属实，可以解释"),
                    ("rule_wrong", "规则不适用或误判"),
                    ("not_examined", "未作核查"),
                ],
                max_length=16,
                verbose_name="认定结果",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                fields=["check_code", "letter"], name="emitters_qu_check_c_0f8333_idx"
            ),
        ),
    ]
