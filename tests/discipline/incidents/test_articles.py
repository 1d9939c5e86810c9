"""Articles of bylaws: who enters and changes them, what is recorded, and what stays once a case names one."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from discipline.incidents.case_file.articles.models import ArticleChange
from discipline.incidents.case_file.models import BylawArticle
from discipline.incidents.models import IncidentType
from offices.places.models import Agency
from tests.support.base import OfficeTestCase
from tests.support.case_files import a_breach, a_case, enforcer, officer

WHY = "Naskah diterima dari Bagian Hukum"


class Articles(OfficeTestCase):
    def setUp(self) -> None:
        self.agency = enforcer()
        self.sari = officer(self.agency)
        self.client.force_login(self.sari)
        self.seeded = BylawArticle.objects.get(article="Pasal 54 huruf a")
        self.list, self.add = reverse("case-articles"), reverse("case-article-add")

    def entered(self, **more: Any) -> dict[str, Any]:
        rubbish = IncidentType.objects.get(code="rubbish").pk
        return {
            "bylaw": "Perda Kota Nomor 3 Tahun 2015",
            "article": "Pasal 54",
            "text": "Setiap orang dilarang membuang sampah di sungai.",
            "kinds": [rubbish],
            "enforcer": "satpolpp",
            "valid_from": "2015-06-01",
            "valid_until": "",
            "source": "JDIH Kota Palembang",
            "certainty": "read",
            "reason": WHY,
        } | more

    def test_an_article_is_corrected_until_a_case_names_it_and_each_change_is_shown(self) -> None:
        page = self.client.get(self.list).content.decode()
        assert "belum ada yang mengubahnya" in page
        assert "kumparan" in page
        change = reverse("case-article-change", args=[self.seeded.pk])
        wrong = self.client.post(change, self.entered(source="", reason="pendek", valid_until="2014-01-01"))
        assert wrong.status_code == 422
        assert {"source", "reason"} <= set(wrong.context["form"].errors)
        assert "JDIH" not in wrong.content.decode()
        assert 'value="2014-01-01"' in wrong.content.decode(), "what was entered is still there"
        assert self.client.post(change, self.entered()).status_code == 302
        same = self.client.post(change, self.entered())
        assert "Tidak ada yang berubah" in same.content.decode()
        row = ArticleChange.objects.get()
        assert row.changed["certainty"] == ["reported", "read"]
        assert row.changed["valid_from"] == ["", "2015-06-01"]
        assert "kinds" not in row.changed
        page = self.client.get(reverse("case-article", args=[self.seeded.pk])).content.decode()
        for said in (WHY, "<ins>1 Juni 2015</ins>", "<del>Menurut pemberitaan", "JDIH"):
            assert said in page, said
        with pytest.raises(DatabaseError, match="append"), transaction.atomic():
            row.delete()

        case = a_case(a_breach(self.world, self.agency), self.agency, self.sari, None)
        change = reverse("case-article-change", args=[case.article_id])
        assert set(self.client.get(change).context["form"].fields) == {"valid_until", "reason"}
        ended = {"valid_until": "2030-01-01", "reason": WHY, "text": "Bunyi lain"}
        assert self.client.post(change, ended).status_code == 302
        case.article.refresh_from_db()
        assert (case.article.valid_until, case.article.text[:12]) == (date(2030, 1, 1), "Setiap orang")

    def test_a_new_wording_ends_the_old_one_the_day_before(self) -> None:
        old = self.client.post(self.add, self.entered())
        assert old.status_code == 302
        row = BylawArticle.objects.get(article="Pasal 54")
        path = f"{self.add}?ganti={row.pk}"
        assert "Menggantikan Pasal 54" in self.client.get(path).content.decode()
        early = self.client.post(path, self.entered(valid_from="2015-06-01", text="Bunyi baru"))
        assert early.status_code == 422
        assert BylawArticle.objects.filter(article="Pasal 54").count() == 1, "nothing of it is stored"
        assert self.client.post(path, self.entered(valid_from="2026-01-01", text="Bunyi baru")).status_code == 302
        row.refresh_from_db()
        assert row.valid_until == date(2026, 1, 1) - timedelta(days=1)
        assert "Tidak berlaku lagi" in self.client.get(self.list).content.decode()
        assert [one.added for one in ArticleChange.objects.order_by("pk")] == [True, True, False]

    def test_an_agency_writes_its_own_articles_operators_all_and_the_inspectorate_reads(self) -> None:
        foreign = self.client.post(self.add, self.entered(enforcer="dishub"))
        assert "enforcer" in foreign.context["form"].errors
        Agency.objects.create(code="dishub", name="Dinas Perhubungan")
        dishub = officer(enforcer("dishub"), "gita")
        change = reverse("case-article-change", args=[self.seeded.pk])
        self.client.force_login(dishub)
        assert self.client.get(self.list).status_code == 403, "it enforces nothing"
        self.client.force_login(self.world.ani)
        assert self.client.post(self.add, self.entered(enforcer="dishub")).status_code == 302
        self.client.force_login(dishub)
        assert self.client.get(self.list).status_code == 200
        assert self.client.get(change).status_code == 404
        self.client.force_login(self.world.intan)
        assert self.client.get(self.list).status_code == 200
        assert self.client.post(change, self.entered()).status_code == 403
        assert self.client.post(self.add, self.entered()).status_code == 403
