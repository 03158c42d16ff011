"""Reports: what may be reported, and what a report says."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import pytest
from defusedxml.ElementTree import fromstring

from contract.conftest import Run
from support.evidence import CONTENT, FACTS, FINDING
from support.reporting import SEEN, Reporting, reporting
from takeback.errors import ConflictError, InvalidInputError, NotAuthorisedError, NotFoundError, SealedFileError
from takeback.model.evidence import EvidenceKind, Purpose
from takeback.model.filing import ReportState
from takeback.model.hold import HoldState
from takeback.model.report import FileNote, Grounds, ReportNote, Said
from takeback.model.review import Seen
from takeback.participant.reports.candidates import ReportedError
from takeback.participant.reports.together import NOT_SEEN, SAME_AS_SEEN
from takeback.storage.platform import holds
from takeback.wire.cybertip_rules import faults
from takeback.wire.facts import facts, facts_bytes


def test_nothing_is_built_of_what_the_child_safety_role_has_not_confirmed_and_seen(
    on_platform: Run, tmp_path: Path
) -> None:
    async def story(at: Reporting) -> None:
        on = at.on
        refused = [
            ("open", HoldState.OPEN, None, "Only what a person has confirmed"),
            ("escalated", HoldState.ESCALATED, "ana", "Only what a person has confirmed"),
            ("wrong", HoldState.WRONG, "ana", "Only what a person has confirmed"),
            ("rule", HoldState.CONFIRMED, "policy", "Nobody of the child-safety role"),
            ("nobody", HoldState.CONFIRMED, None, "Nobody of the child-safety role"),
            ("operator", HoldState.CONFIRMED, "olli", "Nobody of the child-safety role"),
        ]
        for id_, state, by, why in refused:
            await on.hold(id_, state=state, by=by)
            with pytest.raises(ConflictError, match=why):
                await at.reports.build(on.ana, id_, SEEN)
        await on.hold()
        await on.kept()
        with pytest.raises(NotAuthorisedError, match="child-safety"):
            await at.reports.build(on.olli, "h-1", SEEN)
        with pytest.raises(ConflictError, match="seen the file itself"):
            await at.reports.build(on.ana, "h-1", SEEN)
        await on.shown(Seen.BLURRED)
        with pytest.raises(ConflictError, match="a blurred view is none"):
            await at.reports.build(on.ana, "h-1", SEEN)
        await on.hold("elsewhere")
        await on.shown(hold="elsewhere")
        await on.store.hand_in(on.ana, "elsewhere", io.BytesIO(b"another file than the one that was shown"))
        with pytest.raises(ConflictError, match="seen the file itself"):
            await at.reports.build(on.ana, "elsewhere", SEEN)
        with pytest.raises(ConflictError, match="policy here"):
            await at.reports.build(on.ana, "h-1", Said(Grounds.VERIFIED_LIST))
        with pytest.raises(NotFoundError):
            await at.reports.build(on.ana, "h-99", SEEN)
        assert await at.reports.list_(on.ana) == []

    reporting(on_platform, tmp_path, None, story)


def test_a_file_that_nobody_saw_is_reported_only_where_policy_and_list_let_it_and_says_so(
    on_sqlite: Run, tmp_path: Path
) -> None:
    async def story(at: Reporting) -> None:
        hold = await at.on.hold()
        await at.on.kept()
        with pytest.raises(ConflictError, match="No hotline has verified"):
            await at.reports.build(at.on.ana, "h-1", Said(Grounds.VERIFIED_LIST))
        verified = replace(hold, id="h-2", findings=(replace(FINDING, tier="verified"),))
        await at.on.database.run("hold", lambda c: holds.add(c, verified))
        await at.on.store.keep("h-2", EvidenceKind.FILE, io.BytesIO(CONTENT), by="platform")
        built = await at.reports.build(at.on.ana, "h-2", Said(Grounds.VERIFIED_LIST))
        file = fromstring(built.documents["file-1.xml"])
        assert (file.findtext("fileViewedByEsp"), file.findtext("exifViewedByEsp")) == ("false", "false")
        assert "No person has viewed this file" in (file.findtext("additionalInfo") or "")

    reporting(on_sqlite, tmp_path, None, story, report_unseen="verified")


def test_a_report_says_what_is_known_and_nothing_else(on_platform: Run, tmp_path: Path) -> None:
    async def story(at: Reporting) -> None:
        on = at.on
        await on.hold()
        await on.shown()
        with pytest.raises(NotFoundError, match="not kept"):
            await at.reports.build(on.ana, "h-1", SEEN)
        file = await on.kept()
        bare = await at.reports.build(on.ana, "h-1", SEEN)
        with pytest.raises(ConflictError, match="There is a report about this hold"):
            await at.reports.build(on.ana, "h-1", SEEN)
        await at.sending.retract(on.ana, bare.filing.id)
        await on.kept(EvidenceKind.FACTS, facts_bytes(facts(FACTS)))
        said = Said(Grounds.SEEN, (ReportNote.SEXTORTION,), (FileNote.SELF_PRODUCED,), urgent="he waits for her")
        built = await at.reports.build(on.ana, "h-1", said)
        assert all(faults(document) == [] for document in built.documents.values())
        root, details = fromstring(built.documents["report.xml"]), fromstring(built.documents["file-1.xml"])
        assert root.findtext("personOrUserReported/espIdentifier") == "user/7"
        assert root.findtext("personOrUserReported/ipCaptureEvent/dateTime") == "2026-11-26T10:00:00+01:00"
        assert root.findtext("incidentSummary/incidentDateTime") == "2026-11-26T11:00:00Z"
        assert root.find("victim") is None
        assert (details.findtext("fileViewedByEsp"), details.findtext("exifViewedByEsp")) == ("true", "false")
        assert [one.tag for one in details.find("fileAnnotations") or ()] == ["possibleSelfProduction"]
        assert {one.get("hashType") for one in details.findall("originalFileHash")} == {"MD5", "SHA1", "SHA256"}
        pairs = {one.findtext("name"): one.findtext("value") for one in details.findall("details/nameValuePair")}
        assert pairs == {"matched-list": "takeback.example/list", "matched-by": "pdq"}
        assert fromstring(bare.documents["file-1.xml"]).find("fileAnnotations") is None
        assert built.completeness.score > bare.completeness.score
        assert (await at.reports.show(on.bo, built.filing.id)).documents == built.documents
        _, _, log = await on.store.show(on.ana, file.id)
        assert log[0].action == f"read-for-{Purpose.REPORT}"
        on_disk = b"".join(one.read_bytes() for one in (tmp_path / "evidence").iterdir())
        assert b"192.0.2.55" not in on_disk
        assert b"someone@example.org" not in on_disk

    reporting(on_platform, tmp_path, None, story)


def test_a_report_has_every_copy_that_the_decision_answered_and_may_be_in_it(on_platform: Run, tmp_path: Path) -> None:
    """One report, one account; each file is said to be viewed or not by what was shown of it alone."""

    async def story(at: Reporting) -> None:
        on = at.on
        await on.hold(copy=True)
        await on.shown()
        for id_, more in {
            "seen": {"content": b"another one"},
            "same": {},
            "verified": {"content": b"a third one", "tier": "verified"},
            "unseen": {"content": b"a fourth one"},
            "wanted": {"content": b"a fifth one"},
            "stranger": {"account": "user/8"},
            "rule": {"by": "policy"},
        }.items():
            await on.hold(id_, beside="h-1", copy=True, **more)
        await on.hold("no-file", beside="h-1")
        await on.hold("elsewhere", copy=True)
        for id_ in ("seen", "wanted", "stranger"):
            await on.shown(hold=id_)
        await on.shown(Seen.BLURRED, hold="same")
        about = facts(FACTS.replace(b"m/1", b"m/2").replace(b"192.0.2.55", b"192.0.2.56"))
        await on.kept(EvidenceKind.FACTS, facts_bytes(facts(FACTS)))
        await on.store.keep("same", EvidenceKind.FACTS, io.BytesIO(facts_bytes(about)), by="platform")
        with pytest.raises(InvalidInputError, match="without"):
            await at.reports.build(on.ana, "h-1", SEEN, without=["elsewhere"])
        built = await at.reports.build(on.ana, "h-1", SEEN, without=["wanted"])
        assert [file.hold for file in built.files] == ["h-1", "same", "seen", "verified"]
        assert {hold: why.split(".")[0] for hold, why in built.left_out.items()} == {
            "unseen": "No hotline has verified the entry that it matches",
            "wanted": "Whoever built it left it out",
            "stranger": "It is of another account",
            "rule": "Nobody of the child-safety role has confirmed it",
            "no-file": "The file of this hold is not kept",
        }
        details = [fromstring(built.documents[f"file-{place}.xml"]) for place in (1, 2, 3, 4)]
        assert [one.findtext("fileViewedByEsp") for one in details] == ["true", "false", "true", "false"]
        assert [one.findtext("additionalInfo") for one in details] == [None, SAME_AS_SEEN, None, NOT_SEEN]
        assert [one.findtext("locationOfFile") for one in details][:3] == [
            "https://forum.example/m/1",
            "https://forum.example/m/2",
            None,
        ]
        root = fromstring(built.documents["report.xml"])
        addresses = [one.text for one in root.findall("personOrUserReported/ipCaptureEvent/ipAddress")]
        assert addresses == ["192.0.2.55", "192.0.2.56"]
        assert [one.text for one in root.findall("internetDetails/webPageIncident/url")] == [
            "https://forum.example/m/1",
            "https://forum.example/m/2",
        ]
        for hold in ("h-1", "same", "verified"):
            with pytest.raises(ReportedError, match=built.filing.id):
                await at.reports.build(on.ana, hold, SEEN)
        assert [file.hold for file in (await at.reports.build(on.ana, "wanted", SEEN)).files] == ["wanted"]
        assert await at.reports.rehearse(on.bo, built.filing.id) == 4
        items, _ = await on.store.list_(on.ana)
        assert {item.hold for item in items if item.report == built.filing.id} == {"h-1", "same", "seen", "verified"}

    reporting(on_platform, tmp_path, None, story, report_unseen="verified")


def test_what_was_said_is_corrected_by_a_report_instead(on_platform: Run, tmp_path: Path) -> None:
    async def story(at: Reporting) -> None:
        first = Said(Grounds.SEEN, (ReportNote.SPAM,), (FileNote.INFANT,), info="as I saw it")
        for hold in ("h-1", "h-2"):
            await at.on.hold(hold, copy=True)
            await at.on.shown(hold=hold)
        await at.on.kept(EvidenceKind.FACTS, facts_bytes(facts(b'{"context": "as the platform knows it"}')))
        former = (await at.reports.build(at.on.ana, "h-1", first)).filing.id
        assert await at.reports.said(at.on.bo, former) == (first, ["h-1"])
        await at.approve(former)
        with pytest.raises(ConflictError, match="another hold"):
            await at.reports.build(at.on.bo, "h-2", SEEN, instead=former)
        better = await at.reports.build(at.on.bo, "h-1", replace(first, info="better said"), instead=former)
        assert fromstring(better.documents["report.xml"]).findtext("additionalInfo") == (
            "better said\nas the platform knows it"
        )
        states = {one.id: one.state for one in await at.reports.list_(at.on.ana)}
        assert states == {former: ReportState.RETRACTED, better.filing.id: ReportState.BUILT}
        items, _ = await at.on.store.list_(at.on.ana)
        assert not [item for item in items if item.hold == "h-2" and item.report]  # what was refused left no report

    reporting(on_platform, tmp_path, None, story)


def test_facts_about_two_accounts_make_no_report(on_sqlite: Run, tmp_path: Path) -> None:
    async def story(at: Reporting) -> None:
        for hold, account in {"h-1": b"user/7", "h-2": b"user/8"}.items():
            await at.on.hold(hold, beside="h-1", copy=True)
            await at.on.shown(hold=hold)
            text = facts_bytes(facts(FACTS.replace(b"user/7", account)))
            await at.on.store.keep(hold, EvidenceKind.FACTS, io.BytesIO(text), by="platform")
        with pytest.raises(ConflictError, match="facts of h-1, h-2 are about several accounts"):
            await at.reports.build(at.on.ana, "h-1", SEEN)
        built = await at.reports.build(at.on.ana, "h-1", SEEN, without=["h-2"])
        assert fromstring(built.documents["report.xml"]).findtext("personOrUserReported/espIdentifier") == "user/7"

    reporting(on_sqlite, tmp_path, None, story)


def test_a_rehearsal_finds_a_file_that_is_another_one(on_sqlite: Run, tmp_path: Path) -> None:
    async def story(at: Reporting) -> None:
        id_ = await at.ready(copies=1)
        assert await at.reports.rehearse(at.on.ana, id_) == 2
        items, _ = await at.on.store.list_(at.on.ana)
        broken = next(item for item in items if (item.hold, item.kind) == ("h-1-copy-0", EvidenceKind.FILE))
        path = at.on.store.folder / f"{broken.id}.sealed"
        path.write_bytes(path.read_bytes()[:-1])
        with pytest.raises(SealedFileError):
            await at.reports.rehearse(at.on.ana, id_)

    reporting(on_sqlite, tmp_path, None, story)


def test_of_a_film_a_report_says_that_still_frames_were_seen(on_sqlite: Run, tmp_path: Path) -> None:
    async def story(at: Reporting) -> None:
        hold = await at.on.hold()
        film = replace(hold, id="h-film", kind="video")
        await at.on.database.run("hold", lambda c: holds.add(c, film))
        await at.on.shown(hold="h-film")
        await at.on.store.keep("h-film", EvidenceKind.FILE, io.BytesIO(CONTENT), by="platform", is_copy=True)
        built = await at.reports.build(at.on.ana, "h-film", SEEN)
        assert "still frames" in (fromstring(built.documents["file-1.xml"]).findtext("additionalInfo") or "")

    reporting(on_sqlite, tmp_path, None, story)
