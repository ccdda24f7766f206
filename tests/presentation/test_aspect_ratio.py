"""The ratio of an image as CSS classes."""

from dashboard.presentation.aspect_ratio import ratio_classes


def test_the_ratio_is_told_digit_by_digit() -> None:
    assert ratio_classes(1216, 832) == "r1 t4 h6"
    assert ratio_classes(10, 1000) == "r0 t4 h0"
    assert ratio_classes(1000, 10) == "r3 t0 h0"
    assert ratio_classes(None, 10) == ""
