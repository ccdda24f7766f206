"""Puts a run's inputs into the input nodes of its workflow, as ComfyUI's editor shows it."""

import copy
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from dashboard.domain.json_types import JsonObject, JsonValue
from dashboard.domain.nodes.editor_workflow import nodes_of, widget_names
from dashboard.domain.run.values import parse_number

INPUT_ID = "input_id"
EXTERNAL = "ComfyUIDeployExternal"
LONGEST_WHOLE = 400  # characters
WHOLE = re.compile(r" *[+-]?[0-9]+ *")


class Takes(StrEnum):
    """What a widget holds."""

    TEXT = "text"
    NUMBER = "number"
    WHOLE = "whole"
    FLAG = "flag"
    ADDRESS = "address"  # of a file
    LIST = "list"  # as JSON text


@dataclass(frozen=True, slots=True)
class Widget:
    """The widget that holds an input node's value, and its place where no widget is named."""

    name: str
    at: int
    takes: Takes


def _default(takes: Takes) -> Widget:
    return Widget("default_value", 1, takes)


# As the plugin comfyui-deploy declares its nodes. ImageAlpha takes its default by link alone.
WIDGETS: Mapping[str, Widget] = {
    f"{EXTERNAL}{kind}": widget
    for kind, widget in {
        "Text": _default(Takes.TEXT),
        "TextAny": _default(Takes.TEXT),
        "TextSingleLine": _default(Takes.TEXT),
        "Enum": _default(Takes.TEXT),
        "Checkpoint": _default(Takes.TEXT),
        "Number": _default(Takes.NUMBER),
        "NumberSlider": _default(Takes.NUMBER),
        "NumberInt": _default(Takes.WHOLE),
        "NumberSliderInt": _default(Takes.WHOLE),
        "Seed": _default(Takes.WHOLE),
        "Boolean": _default(Takes.FLAG),
        "Image": Widget("default_value_url", 3, Takes.ADDRESS),
        "ImageBatch": Widget("images", 1, Takes.LIST),
        "Video": Widget("default_value_url", 11, Takes.ADDRESS),
        "Audio": Widget("audio_file", 1, Takes.ADDRESS),
        "EXR": Widget("exr_file", 1, Takes.ADDRESS),
        "File": Widget("file_url", 3, Takes.ADDRESS),
        "Lora": Widget("lora_url", 5, Takes.ADDRESS),
        "FaceModel": Widget("face_model_url", 5, Takes.ADDRESS),
    }.items()
}


def apply_inputs(workflow: JsonObject, inputs: JsonValue) -> JsonObject:
    """A copy whose input nodes hold the run's values; what cannot be applied stays as it is.

    `input_id` stays, so that the workflow can be deployed again. Nothing but the values of
    input nodes' widgets changes.
    """
    found = copy.deepcopy(workflow)
    if isinstance(inputs, dict):
        for node in nodes_of(found):
            _apply(node, inputs)
    return found


def _apply(node: JsonObject, inputs: JsonObject) -> None:
    kind = node.get("type")
    widget = WIDGETS.get(kind) if isinstance(kind, str) else None
    values = node.get("widgets_values")
    if widget is None:
        return
    if isinstance(values, dict):
        _apply_named(values, widget, inputs)
    elif isinstance(values, list):
        _apply_placed(values, widget_names(node), widget, inputs)


def _apply_named(values: JsonObject, widget: Widget, inputs: JsonObject) -> None:
    told = _told(values.get(INPUT_ID), widget, inputs)
    if told is not None and widget.name in values:
        values[widget.name] = told


def _apply_placed(
    values: list[JsonValue], names: list[str] | None, widget: Widget, inputs: JsonObject
) -> None:
    if names is not None and not {INPUT_ID, widget.name} <= set(names):
        return
    at = widget.at if names is None else names.index(widget.name)
    first = 0 if names is None else names.index(INPUT_ID)
    if max(at, first) < len(values):
        told = _told(values[first], widget, inputs)
        values[at] = values[at] if told is None else told


def _told(input_id: JsonValue, widget: Widget, inputs: JsonObject) -> JsonValue:
    """The run's value for this node as its widget takes it; None where there is none."""
    if not isinstance(input_id, str) or input_id not in inputs:
        return None
    return _fitting(inputs[input_id], widget.takes)


def _fitting(value: JsonValue, takes: Takes) -> JsonValue:
    if takes is Takes.FLAG:
        return value if isinstance(value, bool) else None
    if takes in (Takes.NUMBER, Takes.WHOLE):
        return _number(value, whole=takes is Takes.WHOLE)
    if isinstance(value, str):
        return value
    if takes is Takes.TEXT and isinstance(value, int | float) and not isinstance(value, bool):
        return json.dumps(value)
    if takes is Takes.LIST and isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    return None


def _number(value: JsonValue, *, whole: bool) -> JsonValue:
    """A number, also from text; a whole one to the digit."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    if isinstance(value, str) and len(value) <= LONGEST_WHOLE and WHOLE.fullmatch(value):
        return int(value)
    read = parse_number(value)
    if read is None or not whole:
        return read
    return int(read) if read.is_integer() else None
