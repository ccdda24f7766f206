"""Secrets that free text assigns to names."""

import pytest

from dashboard.domain.text.assigned_secrets import mask_assigned


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("token=abc123", "token=•••"),
        ('{"api_key": "abc 123", "seed": 7}', '{"api_key": "•••", "seed": 7}'),
        ("run --password hunter2 --seed 7", "run --password ••• --seed 7"),
        ("Authorization: Bearer abc", "Authorization: •••"),
        ("max_token=512", "max_token=512"),
        ("KeyError: 'prompt'", "KeyError: 'prompt'"),
        ("missing key: lora_unet", "missing key: lora_unet"),
        ("nothing is assigned here", "nothing is assigned here"),
    ],
)
def test_only_values_of_secret_names_are_masked(text: str, masked: str) -> None:
    assert mask_assigned(text) == masked


def test_masking_twice_changes_nothing() -> None:
    once = mask_assigned("secret='a' password=12345")
    assert once == "secret='•••' password=•••"
    assert mask_assigned(once) == once
