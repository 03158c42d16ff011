"""The lines that matter: what the site does with a picture, before anybody sees it and after a person has looked.

Nothing is deleted on a machine's word. A match holds the picture; a person decides; the clearinghouse hears of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import takeback
from photoshare.pictures import Fact, Picture, Pictures, State


@dataclass(frozen=True)
class Moderation:
    """Screening on upload, screening again when the list has changed, and decisions."""

    pictures: Pictures
    hashlist: takeback.HashList
    screen: takeback.Screen

    def upload(self, content: bytes) -> Picture:
        """Keeps an upload, visible or held."""
        state, facts = self._screened(content, new=True)
        return self.pictures.add(content, state, facts)

    def screen_again(self) -> int:
        """Screens every picture that nobody has decided; gives how many changed sides.

        An old picture whose entry has come onto the list is held; a held one whose entry was withdrawn is released.
        """
        changed = 0
        for picture in self.pictures.undecided():
            state, facts = self._screened(self.pictures.path_of(picture))
            if state is not picture.state:
                self.pictures.hold_or_release(picture.id, state, facts)
                changed += 1
        return changed

    def confirm(self, picture: Picture) -> None:
        """A person has looked: it is what the list says. The picture goes, and the clearinghouse hears of it."""
        self._tell(picture, takeback.Verdict.CONFIRMED, takeback.ActionTaken.REMOVED)
        self.pictures.remove(picture.id)

    def release(self, picture: Picture) -> None:
        """A person has looked: it does not belong on the list. The picture is shown, for good."""
        self._tell(picture, takeback.Verdict.WRONG, takeback.ActionTaken.KEPT)
        self.pictures.release_for_good(picture.id)

    def _tell(self, picture: Picture, verdict: takeback.Verdict, action: takeback.ActionTaken) -> None:
        for fact in picture.facts:
            self.hashlist.give_feedback(fact.entry, verdict, action)  # kept on disk; the next sync delivers it

    def _screened(self, file: bytes | Path, *, new: bool = False) -> tuple[State, tuple[Fact, ...]]:
        try:
            match self.screen.check(file):
                case takeback.Clear():
                    return State.VISIBLE, ()
                case takeback.Matched(matches):
                    if new:
                        self.hashlist.count_hits(matches)
                    facts = (Fact(m.entry, m.type, m.distance, m.tier, m.listed_on.isoformat()) for m in matches)
                    return State.HELD, tuple(facts)
                case takeback.Unscannable():
                    return State.HELD, ()
        except takeback.StaleListError:
            return State.HELD, ()  # this site's policy: without a fresh list nothing new is shown
