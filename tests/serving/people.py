"""A reader of a served Runboard, as a browser is one: cookies, forms, and all that was read."""

import re

import requests

from tests.patience import PATIENCE


class Reader:
    def __init__(self, site: str, read: list[tuple[str, str]]) -> None:
        self.site, self.read = site, read
        self.session = requests.Session()
        self.session.trust_env = False

    def get(self, path: str, **options: object) -> requests.Response:
        return self._kept("GET", path, **options)

    def post(self, path: str, *, token: bool = True, **fields: str) -> requests.Response:
        """Sends a form; without `token` as another site would."""
        if token and not self.session.cookies.get("csrftoken"):
            self.get("/sign-in/")
        csrf = self.session.cookies.get("csrftoken", "")
        data = {**fields, **({"csrfmiddlewaretoken": csrf} if token else {})}
        return self._kept("POST", path, data=data)

    def _kept(self, method: str, path: str, **options: object) -> requests.Response:
        url = path if path.startswith("http") else self.site + path
        response = self.session.request(  # type: ignore[arg-type]
            method, url, timeout=PATIENCE, allow_redirects=False, **options
        )
        self.read.append((url.removeprefix(self.site), response.text))
        return response

    @property
    def cookie(self) -> str:
        return str(self.session.cookies["sessionid"])

    def sign_in(self, name: str, password: str) -> requests.Response:
        return self.post("/sign-in/", username=name, password=password)

    def crawl(self, start: str, most: int = 150) -> int:
        """Reads every page that is linked from `start`, and what those link to."""
        seen, waiting = {start}, [start]
        while waiting and len(seen) < most:
            response = self.get(waiting.pop(0))
            if "html" not in response.headers.get("Content-Type", ""):
                continue
            found = re.findall(r'(?:href|hx-get)="(/[^"#]*)', response.text)
            for path in (one.replace("&amp;", "&") for one in found):
                if path not in seen and not path.startswith("/static/"):
                    seen.add(path)
                    waiting.append(path)
        return len(seen)
