"""Kept files in object storage (S3 and what speaks like it); needs requirements-s3.txt."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from storages.backends.s3 import S3Storage

BLOCK = 65_536
PATIENCE = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 3})
ERRORS = (BotoCoreError, ClientError, Boto3Error)


def _raising_os_error(method: Callable[..., Any]) -> Callable[..., Any]:
    """Storages are asked as a disk is: what goes wrong is an OSError, without keys or addresses."""

    @wraps(method)
    def asked(*args: Any, **named: Any) -> Any:
        try:
            return method(*args, **named)
        except ERRORS as error:
            raise _as_os_error(error) from None

    return asked


def _as_os_error(error: Exception) -> OSError:
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    kind = FileNotFoundError if code in ("NoSuchKey", "404") else OSError
    return kind(f"the storage of kept files: {type(error).__name__} {code}".rstrip())


class ObjectStorage(S3Storage):
    """A bucket, or a folder of one, that holds kept files and nothing else of ours."""

    def __init__(self, **given: Any) -> None:
        super().__init__(client_config=PATIENCE, **given)

    exists = _raising_os_error(S3Storage.exists)
    size = _raising_os_error(S3Storage.size)
    delete = _raising_os_error(S3Storage.delete)
    _save = _raising_os_error(S3Storage._save)

    def is_here(self) -> bool:
        """Whether the bucket is there; a missing one answers as a missing file does."""
        try:
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
        except ERRORS as error:
            if isinstance(raised := _as_os_error(error), FileNotFoundError):
                return False
            raise raised from None
        return True

    def read_range(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """The bytes from `first` to `last`, both included; no more than these are fetched."""
        try:
            found = self.bucket.Object(self._normalize_name(name))
            body = found.get(Range=f"bytes={first}-{last}")["Body"]
            yield from body.iter_chunks(BLOCK)
        except ERRORS as error:
            raise _as_os_error(error) from None
