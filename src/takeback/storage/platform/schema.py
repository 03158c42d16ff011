"""The schema of a platform's database, written to be read. Each table and column says what it is for.

The people who work at the desk are kept as the clearinghouse keeps its operators: those tables are one text. No picture
is in here: sealed copies are files beside it (storage/sealed_files.py).
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    SmallInteger,
    String,
    Table,
    Text,
)

from takeback.storage import schema as authority

metadata = MetaData()

# Accounts, passkeys, sessions, changes that take two, and the audit.
for _table in (
    authority.operator,
    authority.passkey,
    authority.enrolment,
    authority.console_session,
    authority.proposal,
    authority.audit_event,
):
    _table.to_metadata(metadata)

_OPERATOR = metadata.tables["operator"]
_OPERATOR.constraints = {one for one in _OPERATOR.constraints if one.name != "operator_role"}
_OPERATOR.append_constraint(
    CheckConstraint("role IN ('viewer', 'operator', 'child-safety', 'administrator')", name="operator_role")
)

# --- holds and what the platform is told to do ---

hold = Table(
    "hold",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("content", String(200), nullable=False, comment="the platform's own id of the content"),
    Column("surface", String(8), nullable=False, comment="public, message or profile"),
    Column("region", String(2), comment="ISO 3166-1 alpha-2"),
    Column("account", String(200), comment="the platform's own id of the uploader"),
    Column("uploaded_at", DateTime(timezone=True), comment="UTC"),
    Column("kind", String(5), nullable=False, comment="image or video"),
    Column("source", String(8), nullable=False, comment="upload, sweep or notice"),
    Column("findings", Text, nullable=False, comment="JSON: what of which list it is near to, and how (model/hold.py)"),
    Column("cluster", LargeBinary(16), nullable=False, comment="the same for copies of one picture"),
    Column("copy", String(64), comment="id of a sealed copy of the file; empty when none is kept any more"),
    Column("opened_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), comment="when a law's clock runs out"),
    Column("state", String(9), nullable=False, comment="open, escalated, confirmed or wrong"),
    Column("decided_by", String(32), comment="who at the desk; `policy` where a rule did"),
    Column("decided_at", DateTime(timezone=True)),
    Column("reason", String(200), comment="a word of the desk's list of reasons"),
    CheckConstraint("state IN ('open', 'escalated', 'confirmed', 'wrong')", name="hold_state"),
    Index("hold_by_content", "content"),
    Index("hold_by_cluster", "cluster"),
    Index("hold_in_queue", "state", "due_at", "opened_at"),
    comment="Content that waits for a person, or that one has decided about.",
)

instruction = Table(
    "instruction",
    metadata,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("content", String(200), nullable=False, comment="the platform's own id of the content"),
    Column("doing", String(8), nullable=False, comment="hide, restore or remove"),
    Column("because", String(64), nullable=False, comment="id of the hold or notice that led to it"),
    Column("at", DateTime(timezone=True), nullable=False),
    comment="What the platform is told to do with its content, in order. It reads them by sequence.",
    sqlite_autoincrement=True,
)

# --- the desk: who looks at what, what was decided, and what follows ---

negative_value = authority.negative_value.to_metadata(metadata)

hold_entry = Table(
    "hold_entry",
    metadata,
    Column("list", String(100), primary_key=True),
    Column("entry", String(200), primary_key=True, comment="its name on that list"),
    Column("hold", String(32), ForeignKey("hold.id"), primary_key=True),
    Index("hold_entry_by_hold", "hold"),
    comment="Which entries each hold is near to: the same as in its findings, to be searched.",
)

review = Table(
    "review",
    metadata,
    Column("id", String(32), primary_key=True, comment="random"),
    Column("hold", String(32), ForeignKey("hold.id"), nullable=False, comment="the one that was open"),
    Column("cluster", LargeBinary(16), nullable=False, comment="its copies were answered as well"),
    Column("decision", String(9), nullable=False, comment="confirmed, wrong, unsure or escalate"),
    Column("reason", String(40), nullable=False, comment="a word of model/reason.py"),
    Column("by", String(40), nullable=False, comment="id of the operator"),
    Column("opened_at", DateTime(timezone=True), nullable=False, comment="when they opened it"),
    Column("at", DateTime(timezone=True), nullable=False, comment="when they decided"),
    Column("viewed", String(7), comment="how they had seen the picture by then: blurred or sharp; empty: not at all"),
    Column("viewed_at", DateTime(timezone=True), comment="when they last saw it so"),
    Column("undone_at", DateTime(timezone=True), comment="when it was undone, and counts no more"),
    CheckConstraint("decision IN ('confirmed', 'wrong', 'unsure', 'escalate')", name="review_decision"),
    CheckConstraint("viewed IN ('blurred', 'sharp')", name="review_viewed"),
    Index("review_by_hold", "hold"),
    Index("review_by_cluster", "cluster"),
    Index("review_at", "at"),
    comment="Every decision of a person. Rows are never deleted.",
)

viewing = Table(
    "viewing",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("hold", String(32), ForeignKey("hold.id"), nullable=False),
    Column("by", String(40), nullable=False, comment="id of the operator who asked to see it"),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("how", String(7), nullable=False, comment="blurred or sharp"),
    CheckConstraint("how IN ('blurred', 'sharp')", name="viewing_how"),
    Index("viewing_by_hold", "hold", "by"),
    comment="Every time a picture was shown. Reports say from this what was viewed.",
    sqlite_autoincrement=True,
)

lease = Table(
    "lease",
    metadata,
    Column("cluster", LargeBinary(16), primary_key=True),
    Column("by", String(40), nullable=False, comment="id of the operator who has it open"),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("until", DateTime(timezone=True), nullable=False, comment="from then on anybody may open it"),
    comment="What somebody has open, so that nobody else is given it.",
)

skip = Table(
    "skip",
    metadata,
    Column("cluster", LargeBinary(16), primary_key=True),
    Column("by", String(40), primary_key=True, comment="id of the operator who would rather not"),
    Column("until", DateTime(timezone=True), nullable=False),
    comment="What is not given to somebody for a while, because they skipped it.",
)

shift = Table(
    "shift",
    metadata,
    Column("operator", String(40), primary_key=True),
    Column("begun_at", DateTime(timezone=True), nullable=False, comment="first hold since the last break"),
    Column("seen_at", DateTime(timezone=True), nullable=False, comment="last hold"),
    Column("decisions", Integer, nullable=False, comment="since then"),
    Column("rests_until", DateTime(timezone=True), comment="until when nothing is opened"),
    comment="How long everybody has been looking, so that they rest.",
)

appeal = Table(
    "appeal",
    metadata,
    Column("id", String(32), primary_key=True, comment="random"),
    Column("hold", String(32), ForeignKey("hold.id"), nullable=False, comment="whose decision is appealed"),
    Column("content", String(200), nullable=False, comment="the platform's own id of the content"),
    Column("reason", String(40), nullable=False, comment="a word of model/appeal.py"),
    Column("filed_at", DateTime(timezone=True), nullable=False),
    Column("state", String(7), nullable=False, comment="open, upheld (the decision stays) or granted"),
    Column("decided_by", String(40), comment="never who decided first"),
    Column("decided_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('open', 'upheld', 'granted')", name="appeal_state"),
    Index("appeal_by_content", "content"),
    Index("appeal_in_queue", "state", "filed_at"),
    comment="What uploaders asked to be looked at again.",
)

feedback_due = Table(
    "feedback_due",
    metadata,
    Column("list", String(100), primary_key=True),
    Column("entry", String(200), primary_key=True, comment="its name on that list"),
    Column("verdict", String(9), nullable=False, comment="confirmed or wrong"),
    Column("action", String(7), nullable=False, comment="removed or kept"),
    Column("at", DateTime(timezone=True), nullable=False),
    comment="Verdicts that wait to stand in the outbox of their list; a later one replaces an earlier one.",
)

# --- brakes ---

entry_standing = Table(
    "entry_standing",
    metadata,
    Column("list", String(100), primary_key=True),
    Column("entry", String(200), primary_key=True, comment="its name on that list"),
    Column("standing", String(11), nullable=False, comment="quarantined, confirmed or deconfirmed"),
    Column("since", DateTime(timezone=True), nullable=False),
    Column("by", String(40), nullable=False, comment="id of the operator; `brake` for the flood brake"),
    CheckConstraint("standing IN ('quarantined', 'confirmed', 'deconfirmed')", name="entry_standing_known"),
    Index("entry_standing_by", "standing", "since"),
    comment="What this platform makes of single entries, whatever their list says.",
)

entry_hit = Table(
    "entry_hit",
    metadata,
    Column("list", String(100), primary_key=True),
    Column("entry", String(200), primary_key=True, comment="its name on that list"),
    Column("content", String(200), primary_key=True, comment="the platform's own id of the content"),
    Column("account", String(200), comment="the platform's own id of the uploader"),
    Column("at", DateTime(timezone=True), nullable=False, comment="the latest hit"),
    Index("entry_hit_at", "at"),
    comment="What each entry hit in the last hour: the flood brake counts contents and accounts.",
)

# --- sealed evidence and reports ---

evidence = Table(
    "evidence",
    metadata,
    Column("id", String(32), primary_key=True, comment="random; the id of its sealed file, too"),
    Column("hold", String(32), nullable=False, comment="the hold that it belongs to"),
    Column("report", String(32), comment="the report that it is kept for; empty where nothing was reported yet"),
    Column("kind", String(6), nullable=False, comment="file, facts or report"),
    Column("state", String(7), nullable=False, comment="writing, kept, erasing or erased"),
    Column("begun_at", DateTime(timezone=True), nullable=False),
    Column("due_at", DateTime(timezone=True), nullable=False, comment="from then on it is erased, unless held by law"),
    Column("is_copy", Boolean, nullable=False, comment="whether it is the copy that the desk showed to its people"),
    Column("size", BigInteger, nullable=False, comment="bytes of what is sealed; 0 while it is written"),
    Column("sealed_sha256", LargeBinary(32), nullable=False, comment="SHA-256 of the ciphertext"),
    Column("erased_at", DateTime(timezone=True)),
    Column("erased_event", BigInteger, comment="the event of the audit that says so: its deletion receipt"),
    CheckConstraint("state IN ('writing', 'kept', 'erasing', 'erased')", name="evidence_state"),
    CheckConstraint("kind IN ('file', 'facts', 'report')", name="evidence_kind"),
    Index("evidence_by_hold", "hold"),
    Index("evidence_by_due", "state", "due_at"),
    comment="What is kept sealed because a law asks for it. A row stays when its file is erased.",
)

legal_hold = Table(
    "legal_hold",
    metadata,
    Column("hold", String(32), primary_key=True, comment="nothing that is kept for this hold is erased"),
    Column("order_number", String(80), nullable=False, comment="number of the order or request; no person's name"),
    Column("placed_by", String(40), nullable=False),
    Column("placed_at", DateTime(timezone=True), nullable=False),
    comment="Orders to keep what would be erased. Two persons lift one; the audit keeps that it stood.",
)

report = Table(
    "report",
    metadata,
    Column("id", String(32), primary_key=True, comment="random"),
    Column("hold", String(32), nullable=False),
    Column("authority", String(20), nullable=False, comment="whom it is for"),
    Column("evidence", String(32), nullable=False, comment="the item that holds its text"),
    Column("grounds", String(13), nullable=False, comment="seen or verified-list (model/report.py)"),
    Column("score", Integer, nullable=False, comment="how complete it is, 0 to 100"),
    Column("built_by", String(40), nullable=False),
    Column("built_at", DateTime(timezone=True), nullable=False),
    Column("state", String(9), nullable=False),
    Column("door", String(10), comment="test or production; empty until it is sent"),
    Column("approval", String(40), comment="the proposal by which a second person approved it"),
    Column("theirs", String(40), comment="the authority's own number of it"),
    Column("opened_at", DateTime(timezone=True), comment="when the authority gave that number"),
    Column("tried_at", DateTime(timezone=True), comment="when it went through the authority's test"),
    Column("finished_at", DateTime(timezone=True)),
    Column("request", String(80), comment="the authority's name of the last call, for its support"),
    Column("problem", String(300), comment="what went wrong last; holds nothing of the report"),
    CheckConstraint(
        "state IN ('built', 'approved', 'opening', 'open', 'finishing', 'finished', 'retracted', 'refused', 'unclear')",
        name="report_state",
    ),
    CheckConstraint("door IN ('test', 'production')", name="report_door"),
    Index("report_by_hold", "hold"),
    comment="Reports to an authority, and how far each has come. Its text is sealed evidence.",
)

report_file = Table(
    "report_file",
    metadata,
    Column("report", String(32), primary_key=True),
    Column("place", Integer, primary_key=True, comment="counted from 0, as in the report"),
    Column("evidence", String(32), nullable=False, comment="the item that is sent"),
    Column("state", String(9), nullable=False, comment="waiting, uploading, uploaded or described"),
    Column("theirs", String(64), comment="the authority's own id of it"),
    CheckConstraint("state IN ('waiting', 'uploading', 'uploaded', 'described')", name="report_file_state"),
    comment="The files of a report, and how far each has come.",
)

# --- fingerprints of what the platform holds, and sweeps ---

own_media = Table(
    "own_media",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False, comment="in order of change; never used twice"),
    Column("content", String(200), nullable=False, unique=True, comment="the platform's own id of the content"),
    Column("surface", String(8), nullable=False, comment="public, message or profile"),
    Column("region", String(2), comment="ISO 3166-1 alpha-2"),
    Column("account", String(200), comment="the platform's own id of the uploader"),
    Column("uploaded_at", DateTime(timezone=True), comment="UTC"),
    Column("kind", String(5), nullable=False, comment="image or video"),
    Column("sealed", LargeBinary, nullable=False, comment="its fingerprints, AES-256-GCM (storage/sealing.py)"),
    Column("sealed_with", SmallInteger, nullable=False, comment="version of the key"),
    Column("md5_index", LargeBinary(16), comment="HMAC-SHA-256 of the value under a key of its own, 128 bits"),
    Column("sha256_index", LargeBinary(16), comment="the same"),
    Index("own_media_by_md5", "md5_index"),
    Index("own_media_by_sha256", "sha256_index"),
    comment="Fingerprints of what the platform holds, so that a new entry finds old media.",
    sqlite_with_rowid=False,
)

own_media_gone = Table(
    "own_media_gone",
    metadata,
    Column("number", BigInteger, primary_key=True, autoincrement=False, comment="of the same order as own_media's"),
    Column("media", BigInteger, nullable=False, comment="the number that it had"),
    comment="What has left own_media, for the indexes that follow it.",
)

own_media_state = Table(
    "own_media_state",
    metadata,
    Column("id", SmallInteger, primary_key=True, autoincrement=False, comment="1: there is one row"),
    Column("identity", String(32), nullable=False, comment="random: which database this is"),
    Column("last", BigInteger, nullable=False, comment="the last number that was given"),
    Column("forgotten", BigInteger, nullable=False, comment="what left up to here is not in own_media_gone any more"),
    comment="Numbers are given in the order of commits: who changes own_media holds this row.",
)

own_media_asked = Table(
    "own_media_asked",
    metadata,
    Column("list", String(200), primary_key=True, comment="the list's name"),
    Column("identity", String(32), nullable=False, comment="which copy of the list it was"),
    Column("row", BigInteger, nullable=False, comment="entries up to this row of the copy were looked up"),
    comment="How far the new entries of each list were looked up among own_media.",
)

sweep = Table(
    "sweep",
    metadata,
    Column("name", String(60), primary_key=True),
    Column("source", String(1000), nullable=False, comment="folder or address of object storage; no credentials"),
    Column("options", Text, nullable=False, comment="JSON (model/sweep.py)"),
    Column("state", String(9), nullable=False, comment="planning, planned, running, done or cancelled"),
    Column("planned_at", DateTime(timezone=True), nullable=False),
    Column("begun_at", DateTime(timezone=True)),
    Column("ended_at", DateTime(timezone=True)),
    CheckConstraint("state IN ('planning', 'planned', 'running', 'done', 'cancelled')", name="sweep_state"),
    comment="Passes over stored media.",
)

sweep_shard = Table(
    "sweep_shard",
    metadata,
    Column("sweep", String(60), ForeignKey("sweep.name", ondelete="CASCADE"), primary_key=True),
    Column("number", BigInteger, primary_key=True, autoincrement=False),
    Column("files", Integer, nullable=False),
    Column("bytes", BigInteger, nullable=False),
    Column("objects", LargeBinary, comment="zlib of JSON: key and size of each object; empty once it is done"),
    Column("done", SmallInteger, nullable=False, comment="1: its report is kept"),
    Column("hits", Integer, nullable=False),
    Column("unscannable", Integer, nullable=False),
    Column("seconds", Float, nullable=False, comment="that its worker took"),
    Index("sweep_shard_by_state", "sweep", "done", "number"),
    comment="Parts of a sweep. A part is done when its report is kept, in one transaction.",
)

sweep_finding = Table(
    "sweep_finding",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("sweep", String(60), ForeignKey("sweep.name", ondelete="CASCADE"), nullable=False),
    Column("key", Text, nullable=False, comment="of the object, below the sweep's source"),
    Column("content", String(200), nullable=False, comment="the platform's own id of the content"),
    Column("kind", String(5), nullable=False, comment="image or video; image where it is not known"),
    Column("reason", String(40), comment="why it could not be scanned; empty where it could"),
    Column("findings", Text, comment="JSON as in hold; empty where nothing was found"),
    Index("sweep_finding_by_sweep", "sweep", "id"),
    comment="What sweeps found, and what they could not read.",
    sqlite_autoincrement=True,
)

# --- notices and their clock ---

notice = Table(
    "notice",
    metadata,
    Column("number", String(12), primary_key=True, comment="random; the submitter knows it"),
    Column("secret", LargeBinary(32), nullable=False, comment="SHA-256 of what opens it for the submitter"),
    Column("state", String(10), nullable=False, comment="incomplete, open, removed, refused, withdrawn or lapsed"),
    Column("law", String(9), nullable=False, comment="us-223a, eu-dsa-16, uk-osa or other"),
    Column("depicted", String(8), nullable=False, comment="how old the person shown was, by the notice"),
    Column("content", String(7), nullable=False, comment="picture, video or both"),
    Column("signer", String(10), nullable=False, comment="depicted, guardian or authorised"),
    Column("computer_made", Boolean, nullable=False),
    Column("language", String(35), nullable=False, comment="BCP 47: in which it is answered"),
    Column("flagger", String(34), comment="a trusted flagger's id, where one sent it"),
    Column("sealed", LargeBinary, comment="the whole notice, sealed; erased in its time, names and addresses with it"),
    Column("sealed_with", SmallInteger, comment="version of the key"),
    Column("places", LargeBinary(16), comment="the same for notices that name the same places; erased with the notice"),
    Column("notifier", LargeBinary(16), comment="the same for notices with one address; erased with the notice"),
    Column("joined_to", String(12), comment="number of an open notice that names the same places"),
    Column("first_contact_at", DateTime(timezone=True), nullable=False),
    Column("valid_at", DateTime(timezone=True), comment="when nothing was missing any more: the clock's beginning"),
    Column("due_at", DateTime(timezone=True), comment="when the clock runs out"),
    Column("ended_at", DateTime(timezone=True), comment="decided, withdrawn or lapsed"),
    Column("decided_by", String(40), comment="who at the desk"),
    Column("reason", String(20), comment="why it was refused (model/received_notice.py)"),
    CheckConstraint(
        "state IN ('incomplete', 'open', 'removed', 'refused', 'withdrawn', 'lapsed')", name="notice_state"
    ),
    Index("notice_in_queue", "state", "due_at"),
    Index("notice_by_places", "places", "state"),
    Index("notice_by_notifier", "notifier", "first_contact_at"),
    Index("notice_by_end", "ended_at"),
    comment="What somebody asked to have removed under a law. What it says is sealed; the rest names nobody.",
)

notice_content = Table(
    "notice_content",
    metadata,
    Column("notice", String(12), primary_key=True),
    Column("content", String(200), primary_key=True, comment="the platform's own id of the content"),
    Column("how", String(5), nullable=False, comment="named, exact or near"),
    Column("distance", SmallInteger, comment="bits of PDQ, of a near copy"),
    Column("flags", String(30), nullable=False, comment="public-interest, consensual: a person looks first"),
    Column("hold", String(32), nullable=False, comment="what waits for a person because of it"),
    Column("hidden_at", DateTime(timezone=True), comment="when it was told to hide it; empty when it was not"),
    Column("prints", LargeBinary, comment="its fingerprints, sealed, until copies of it were searched"),
    Column("prints_with", SmallInteger, comment="version of the key"),
    Index("notice_content_by_content", "content"),
    Index("notice_content_by_hold", "hold"),
    comment="Content that a notice is about, and copies of it.",
)

notice_task = Table(
    "notice_task",
    metadata,
    Column("notice", String(12), primary_key=True),
    Column("kind", String(12), primary_key=True, comment="warn-<hours>, expiry, search, confirm or answer"),
    Column("due_at", DateTime(timezone=True), nullable=False),
    Column("claimed_until", DateTime(timezone=True), comment="a process works on it; after this, another may"),
    Column("done_at", DateTime(timezone=True)),
    Index("notice_task_waiting", "done_at", "due_at"),
    comment="What has to be done once about a notice, and when.",
)

notice_log = Table(
    "notice_log",
    metadata,
    Column("sequence", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
    Column("at", DateTime(timezone=True), nullable=False),
    Column("notice", String(12), nullable=False),
    Column("event", String(12), nullable=False, comment="what happened (model/notice_log.py)"),
    Column("facts", Text, nullable=False, comment="JSON: numbers and words of closed lists, nothing of a person"),
    Index("notice_log_by_notice", "notice"),
    Index("notice_log_by_time", "at"),
    comment="What happened to notices, for a regulator. The database refuses to change or delete a row.",
    sqlite_autoincrement=True,
)

notice_flagger = Table(
    "notice_flagger",
    metadata,
    Column("id", String(34), primary_key=True),
    Column("name", String(120), nullable=False),
    Column("key", LargeBinary(32), nullable=False, unique=True, comment="SHA-256 of its key"),
    Column("added_on", Date, nullable=False),
    Column("closed_on", Date),
    comment="Trusted flaggers (Regulation (EU) 2022/2065, article 22).",
)

notice_notifier = Table(
    "notice_notifier",
    metadata,
    Column("notifier", LargeBinary(16), primary_key=True, comment="as in notice"),
    Column("warned_at", DateTime(timezone=True), comment="by a person, as article 23 asks for before a suspension"),
    Column("suspended_until", DateTime(timezone=True)),
    Column("by", String(40), nullable=False, comment="who at the desk did the last of it"),
    comment="Notifiers whom a person has warned, or suspended. Never the person in a picture.",
)

# --- the agent ---

agent_key = Table(
    "agent_key",
    metadata,
    Column("id", String(16), primary_key=True, comment="random; the part of a key before its secret"),
    Column("name", String(120), nullable=False, unique=True, comment="which of the platform's services has it"),
    Column("role", String(12), nullable=False, comment="screen, instructions or admin"),
    Column("digest", LargeBinary(32), nullable=False, comment="of the secret, under this installation's key"),
    Column("added_on", Date, nullable=False),
    Column("revoked_on", Date, comment="empty while it is valid"),
    CheckConstraint("role IN ('screen', 'instructions', 'admin')", name="agent_key_role"),
    comment="Keys of the platform's own services; a secret is shown once and not kept.",
    sqlite_with_rowid=False,
)

followed_list = Table(
    "followed_list",
    metadata,
    Column("name", String(40), primary_key=True, comment="as in the settings"),
    Column("entries", Integer, nullable=False, comment="on the list at the last sync"),
    Column("skipped", Integer, nullable=False, comment="records that the last sync could not read"),
    Column("tried_at", DateTime(timezone=True), nullable=False, comment="when the last sync ended, well or not"),
    Column("error", String(40), comment="code of what it ended in; empty when it ended well"),
    Column("detail", String(400), comment="what the error says"),
    comment="How the lists stand that the agent follows; their copies are files beside the database.",
    sqlite_with_rowid=False,
)

webhook = Table(
    "webhook",
    metadata,
    Column("id", Integer, primary_key=True, comment="1"),
    Column("told", BigInteger, nullable=False, comment="every instruction up to this sequence was told of"),
    CheckConstraint("id = 1", name="webhook_one_row"),
    comment="One row: how far the platform has heard of its instructions.",
)
