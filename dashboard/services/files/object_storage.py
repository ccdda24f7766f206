"""Stored files in object storage (S3 or compatible); needs requirements-s3.txt."""

from collections.abc import Callable, Iterator
from functools import wraps
from typing import TYPE_CHECKING, Any

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

if TYPE_CHECKING:  # django-storages has no types
    from django.core.files.storage import Storage

    class S3Storage(Storage):
        bucket: Any
        bucket_name: str
        connection: Any

        def __init__(self, **options: Any) -> None: ...

        def _normalize_name(self, name: str) -> str: ...

        def _save(self, name: str, content: Any) -> str: ...
else:
    from storages.backends.s3 import S3Storage

BLOCK = 65_536
CLIENT_CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 3})
ERRORS = (BotoCoreError, ClientError, Boto3Error)


def _raising_os_error(method: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a method raise OSError, as a disk does; the text names no key and no address."""

    @wraps(method)
    def wrapped(*args: Any, **named: Any) -> Any:
        try:
            return method(*args, **named)
        except ERRORS as error:
            raise _as_os_error(error) from None

    return wrapped


def _as_os_error(error: Exception) -> OSError:
    code = error.response["Error"]["Code"] if isinstance(error, ClientError) else ""
    kind = FileNotFoundError if code in ("NoSuchKey", "404") else OSError
    return kind(f"the object storage: {type(error).__name__} {code}".rstrip())


class ObjectStorage(S3Storage):
    """The file store in a bucket, or in a folder of one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(client_config=CLIENT_CONFIG, **options)

    exists = _raising_os_error(S3Storage.exists)
    size = _raising_os_error(S3Storage.size)
    delete = _raising_os_error(S3Storage.delete)
    _save = _raising_os_error(S3Storage._save)

    def is_here(self) -> bool:
        """Whether the bucket exists; reads fail alike for a missing bucket and a missing file."""
        try:
            self.connection.meta.client.head_bucket(Bucket=self.bucket_name)
        except ERRORS as error:
            if isinstance(os_error := _as_os_error(error), FileNotFoundError):
                return False
            raise os_error from None
        return True

    def read_range(self, name: str, first: int, last: int) -> Iterator[bytes]:
        """The bytes from `first` to `last`, both included; downloads only these."""
        try:
            stored = self.bucket.Object(self._normalize_name(name))
            body = stored.get(Range=f"bytes={first}-{last}")["Body"]
            yield from body.iter_chunks(BLOCK)
        except ERRORS as error:
            raise _as_os_error(error) from None
