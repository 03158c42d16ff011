"""The page's own fingerprint worker in a real browser, asked file by file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from support.firefox import FirefoxPage
from support.servers import ROOT

_ASSETS = ROOT / "src" / "takeback" / "apps" / "static" / "portal" / "assets"
#: One worker of a kind, as long as it lives: the page keeps its workers from file to file, too.
_KEPT = """
  window.kept ??= {workers: {}, next: 0};
  const {kept} = window;
  const asked = (url, message, answered) => new Promise((resolve, reject) => {
    const worker = kept.workers[url];
    const id = kept.next++;
    const end = (tell, what) => {
      worker.removeEventListener('message', heard);
      worker.removeEventListener('error', broke);
      tell(what);
    };
    const heard = ({data}) => { if (data.id === id && answered(data)) end(resolve, data); };
    const broke = () => {
      delete kept.workers[url];
      end(reject, new Error('the worker did not start, or broke'));
    };
    worker.addEventListener('message', heard);
    worker.addEventListener('error', broke);
    worker.postMessage({id, ...message});
  });
  const files = [...document.querySelector('#files').files];
"""
_ASK = f"""async ([url, names]) => {{{_KEPT}
  if (!kept.workers[url]) {{
    const parts = {{}};
    for (const name in names) parts[name] = await (await fetch(names[name])).arrayBuffer();
    kept.workers[url] = new Worker(url, {{type: 'module'}});
    if (Object.keys(parts).length) kept.workers[url].postMessage({{parts}});
  }}
  const last = ({{kind}}) => kind !== 'progress' && kind !== 'moves';
  const answers = await Promise.all(files.map((file) => asked(url, {{file}}, last)));
  return answers.map(({{kind, fingerprints}}) => (kind === 'done' ? fingerprints : null));
}}"""
_ASK_FOR_FRAMES = f"""async ([url, movings]) => {{{_KEPT}
  kept.workers[url] ??= new Worker(url, {{type: 'module'}});
  return Promise.all(files.map((file, at) => {{
    const {{begin, type}} = movings[at];
    return asked(url, {{kind: 'file', file: file.slice(begin), type}}, ({{kind}}) => kind !== 'progress');
  }}));
}}"""


def worker_address() -> str:
    """Gives the address of the built fingerprint worker."""
    return _worker(opens_pictures=True)


def another_script() -> str:
    """Gives the address of a script of the page that is not the fingerprint worker."""
    return _worker(opens_pictures=False)


def script_of(kind: str) -> str:
    """Gives the address of the script of a worker: fingerprint, film, heic, tiff, own or receipt."""
    if kind in ("fingerprint", "receipt"):
        return _worker(opens_pictures=kind == "fingerprint")
    return _asset(f"{kind}-worker-*.js")


def _asset(pattern: str) -> str:
    (found,) = _ASSETS.glob(pattern)
    return f"/assets/{found.name}"


def _worker(*, opens_pictures: bool) -> str:
    scripts = _ASSETS.glob("worker-*.js")
    (found,) = (file for file in scripts if (b"createImageBitmap" in file.read_bytes()) == opens_pictures)
    return f"/assets/{found.name}"


class BrowserFingerprints:
    """Fingerprints as the person's browser makes them. The page's policy is switched off for the asking alone."""

    def __init__(self, browser: Browser | FirefoxPage, portal: str) -> None:
        self._page: Page | FirefoxPage = (
            browser if isinstance(browser, FirefoxPage) else browser.new_context(bypass_csp=True).new_page()
        )
        self._page.goto(portal)
        self._page.evaluate("() => { document.body.innerHTML = '<input type=file multiple id=files>'; }")

    def of(self, *pictures: bytes | Path) -> list[dict[str, Any] | None]:
        """Gives what the worker makes of each file."""
        return self._asked(pictures, worker_address(), {})

    def as_the_page(self, picture: bytes | Path) -> dict[str, Any] | None:
        """Gives what the page makes of a file: where the first worker names a better one, what that makes of it."""
        (made,) = self.of(picture)
        better = {"needs-heic": self.of_heic, "needs-tiff": self.of_tiff}.get((made or {}).get("note", ""))
        if better:
            (made,) = better(picture)
        return made

    def of_heic(self, *pictures: bytes | Path) -> list[dict[str, Any] | None]:
        """Gives what the worker with libheif makes of each file."""
        return self._asked(pictures, _asset("heic-worker-*.js"), {"heic": _asset("libheif-*.wasm")})

    def of_tiff(self, *pictures: bytes | Path) -> list[dict[str, Any] | None]:
        """Gives what the worker with a reader of TIFF makes of each file."""
        return self._asked(pictures, _asset("tiff-worker-*.js"), {})

    def of_own(self, *pictures: bytes | Path) -> list[dict[str, Any] | None]:
        """Gives what the worker with decoders of its own makes of each file."""
        parts = {"jpeg": "mozjpeg_dec-*.wasm", "png": "squoosh_png_bg-*.wasm", "webp": "webp_dec-*.wasm"}
        files = {name: _asset(pattern) for name, pattern in parts.items()}
        return self._asked(pictures, _asset("own-worker-*.js"), files)

    def frames_of(self, *films: bytes | Path, type_: str | None = None) -> list[dict[str, Any]]:
        """Gives what the worker for films answers to each film, or to each animation of a type."""
        self._choose(films)
        moving = {"begin": 0, **({} if type_ is None else {"type": type_})}
        asked = [_asset("film-worker-*.js"), [moving] * len(films)]
        return self._page.evaluate(_ASK_FOR_FRAMES, asked)  # type: ignore[no-any-return]

    def _choose(self, chosen: tuple[bytes | Path, ...]) -> None:
        files = [
            str(p) if isinstance(p, Path) else {"name": f"{at}.bin", "mimeType": "", "buffer": p}
            for at, p in enumerate(chosen)
        ]
        self._page.set_input_files("#files", files)  # type: ignore[arg-type]

    def _asked(
        self, pictures: tuple[bytes | Path, ...], worker: str, parts: dict[str, str]
    ) -> list[dict[str, Any] | None]:
        self._choose(pictures)
        return self._page.evaluate(_ASK, [worker, parts])

    def close(self) -> None:
        if isinstance(self._page, Page):
            self._page.context.close()
