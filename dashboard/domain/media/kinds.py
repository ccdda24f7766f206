"""The kind of a file, by its name or URL."""

import re

IMAGE, VIDEO, AUDIO, MODEL, TEXT, FILE = "image", "video", "audio", "model3d", "text", "file"
EXTENSIONS = {
    IMAGE: "png jpg jpeg gif webp avif bmp svg",
    VIDEO: "mp4 webm mov m4v",
    AUDIO: "mp3 wav ogg oga flac m4a m4b opus aac weba",
    MODEL: "glb gltf obj stl ply",
    TEXT: "txt json md csv srt vtt log yaml yml",
}
_KINDS = {ending: kind for kind, endings in EXTENSIONS.items() for ending in endings.split()}
_EXTENSION = re.compile(r"\.([a-z0-9]{1,12})", re.ASCII)


def kind_of(filename: str | None, path: str) -> str:
    """The kind by the extension of the filename, else of the path; `file` for unknown ones."""
    ending = _extension(filename or "") or _extension(path)
    return _KINDS.get(ending, FILE)


def _extension(path: str) -> str:
    last = re.split(r"[/\\]", path)[-1].strip().lower()
    found = _EXTENSION.fullmatch(last[last.rfind(".") :]) if "." in last else None
    return found[1] if found else ""
