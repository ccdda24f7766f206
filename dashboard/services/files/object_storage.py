"""Stored files in object storage (S3 or compatible); needs requirements-s3.txt."""

from collections.abc import Callable, Iterator, Mapping
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, Protocol, TypeVar

from boto3.exceptions import Boto3Error
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

P = ParamSpec("P")
T = TypeVar("T")

if TYPE_CHECKING:  # neither django-storages nor boto3 has types
    from django.core.files import File
    from django.core.files.storage import Storage

    class Body(Protocol):
        def iter_chunks(self, chunk_size: int) -> Iterator[bytes]: ...

    class StoredObject(Protocol):
        def get(self, *, Range: str) -> Mapping[str, Body]: ...  # noqa: N803

    class Bucket(Protocol):
        def Object(self, key: str) -> StoredObject: ...  # noqa: N802

    class Client(Protocol):
        def head_bucket(self, *, Bucket: str) -> object: ...  # noqa: N803

    class Meta(Protocol):
        client: Client

    class Connection(Protocol):
        meta: Meta

    class S3Storage(Storage):
        bucket: Bucket
        bucket_name: str
        connection: Connection

        def __init__(self, **options: object) -> None: ...

        def _normalize_name(self, name: str) -> str: ...

        def _save(self, name: str, content: File[bytes]) -> str: ...
else:
    from storages.backends.s3 import S3Storage

BLOCK = 65_536
CLIENT_CONFIG = Config(connect_timeout=5, read_timeout=20, retries={"total_max_attempts": 3})
ERRORS = (BotoCoreError, ClientError, Boto3Error)


def _raising_os_error(method: Callable[P, T]) -> Callable[P, T]:
    """Makes a method raise OSError, as a disk does; the text names no key and no address."""

    @wraps(method)
    def wrapped(*args: P.args, **named: P.kwargs) -> T:
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

    def __init__(self, **options: object) -> None:
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
