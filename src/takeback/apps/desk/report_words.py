"""What the desk calls what stands in a report under the authority's own words."""

from __future__ import annotations

from takeback.model.report import FileNote, Grounds, Incident, ReportNote

GROUNDS = {
    Grounds.SEEN: "Somebody here has looked at the file itself.",
    Grounds.VERIFIED_LIST: "A hotline has verified the entry that it matches; nobody here has looked at it.",
}
#: Each is a name of the form, too, as it is of the command's option.
INCIDENTS = {one.name.lower(): one for one in Incident}
NOTES = {
    ReportNote.SEXTORTION: "Somebody is threatened with it (sextortion)",
    ReportNote.SOLICITATION: "A child was asked for pictures",
    ReportNote.BETWEEN_MINORS: "It was between minors",
    ReportNote.SPAM: "It was spam",
    ReportNote.SADISTIC: "Sadistic exploitation online",
}
FILE_NOTES = {
    FileNote.DRAWING: "A drawing or an animation",
    FileNote.MEME: "A meme, perhaps",
    FileNote.VIRAL: "It goes round everywhere (viral)",
    FileNote.SELF_PRODUCED: "Perhaps made by whoever is shown",
    FileNote.HARM: "Bodily harm",
    FileNote.VIOLENCE: "Violence or gore",
    FileNote.ANIMAL: "An animal is involved",
    FileNote.LIVE: "From a live stream",
    FileNote.INFANT: "An infant or a toddler",
    FileNote.GENERATED: "Made by a computer (generative AI)",
}
