"""The workflows of the simulated runs: three graphs with machines, and any number beside them.

A seed with its highest bit set names its workflow: bits 20 to 27 are the workflow's number.
Other seeds choose one of the three.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from random import Random
from uuid import NAMESPACE_DNS, uuid5

from dashboard.simulator.seeded_random import seeded_random

MEDIA = "media:"  # replaced by the address of the simulator's files in inputs and outputs
ORG_ID = "org_2demoNorthlightStudio000001"
RUN = "{run}"  # replaced by the run's ID in such an address


def _id(name: str) -> str:
    return str(uuid5(NAMESPACE_DNS, f"{name}.runboard.example"))


@dataclass(frozen=True, slots=True)
class Subject:
    """What a picture shows: its look ("lighthouse_dusk") begins the file name."""

    look: str
    prompt: str


def _subjects(lines: str) -> tuple[Subject, ...]:
    parts = (line.split(": ", 1) for line in lines.strip().splitlines())
    return tuple(Subject(look, prompt) for look, prompt in parts)


@dataclass(frozen=True, slots=True)
class Workflow:
    name: str
    gpu: str
    node_names: str  # in the order they run; the last ones save files
    unused: int  # nodes that never run: progress ends below 1
    extension: str
    subjects: tuple[Subject, ...]
    inputs: Callable[[Random, Subject], Mapping[str, object]]
    slow_upload: bool = False  # an older plugin, which reports "uploading"
    machine: str = ""  # the name of the workflow whose machine it shares; "" = its own
    graph: str = ""  # the name of the workflow whose nodes it has; "" = its own
    nodes: tuple[str, ...] = field(init=False)
    id: str = field(init=False)
    version_id: str = field(init=False)
    machine_id: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "nodes", tuple(self.node_names.split()))
        object.__setattr__(self, "id", _id(f"{self.name}.workflow"))
        object.__setattr__(self, "version_id", _id(f"{self.name}.version"))
        object.__setattr__(self, "machine", self.machine or self.name)
        object.__setattr__(self, "graph", self.graph or self.name)
        object.__setattr__(self, "machine_id", _id(f"{self.machine}.machine"))


@dataclass(frozen=True, slots=True)
class RunDetails:
    """The facts about a run that do not change while it runs."""

    workflow: Workflow
    subject: Subject
    inputs: Mapping[str, object]
    gpu: str | None
    machine_type: str = "comfy-deploy-serverless"
    origin: str = "api"
    user_id: str = "user_2demoMiraOkafor00000000001"
    org_id: str | None = ORG_ID
    webhook: str | None = None
    webhook_intermediate: bool = False
    spawned: bool = True  # a container was requested: there is a call ID
    gpu_event: bool = False
    whole_seconds: bool = False  # times without microseconds: ComfyDeploy cuts off their seconds


def _painting(rng: Random, subject: Subject) -> Mapping[str, object]:
    return {
        "prompt": subject.prompt,
        "negative_prompt": rng.choice(
            ("people, text, watermark", "text, frame, signature", "blurry, text")
        ),
        "seed": rng.randrange(10**8, 10**9),
        "steps": rng.choice((20, 24, 28)),
        "guidance": rng.choice((3.0, 3.5, 4.0)),
        "style_strength": rng.choice((0.65, 0.8)),
    }


def _packshot(rng: Random, subject: Subject) -> Mapping[str, object]:
    return {
        "prompt": subject.prompt,
        "product_image": f"{MEDIA}inputs/{subject.look}_{rng.randint(1, 40):05}_.webp",
        "seed": rng.randrange(10**14, 2**53),
        "backdrop": rng.choice(("seamless paper", "plaster wall", "soft linen")),
        "sku": f"NL-{rng.randint(1000, 9999)}",
        "keep_shadow": rng.random() < 0.8,
    }


def _storyboard(rng: Random, subject: Subject) -> Mapping[str, object]:
    return {
        "prompt": subject.prompt,
        "negative_prompt": "flicker, text, logo",
        "seed": rng.randrange(2**53, 2**63),
        "frames": rng.choice((72, 96, 121)),
        "fps": 24,
        "camera": rng.choice(("slow push in", "pan left", "locked off", "crane up")),
        "shot": f"{rng.randint(1, 9)}{rng.choice('ABC')}",
    }


PAINTINGS = """
lighthouse_dusk: a lighthouse at dusk, oil painting, thick brush strokes, warm light on wet rock
lighthouse_night: a lighthouse at night, oil painting, the beam sweeping over the sea
lighthouse_storm: a lighthouse before a storm, oil painting, grey green light, heavy sky
lighthouse_morning: a lighthouse in early light, oil painting, pale sky, calm water, soft haze
moonrise_silver: full moon over the open sea, oil painting, silver glitter on dark water
moonrise_harvest: harvest moon over the sea, oil painting, copper sky, warm reflection
moonrise_emerald: moonlight on a green sea, oil painting, clouds swirling around the moon
portrait_teal: portrait in profile, oil painting, warm key light, teal rim light, dark ground
portrait_ember: portrait in profile by firelight, oil painting, ember red ground
portrait_plum: portrait in profile, oil painting, plum ground, violet rim light
"""
PACKSHOTS = """
vase_terracotta: terracotta vase, soft window light from the left, cream backdrop, catalogue photo
vase_teal: teal glazed vase, studio packshot, pale grey backdrop, long soft shadow
vase_ochre: ochre stoneware vase with a dry branch, warm paper backdrop, soft shadow
vase_ink: ink blue vase, cool grey studio, one highlight on the shoulder, catalogue photo
vase_celadon: celadon vase, even north light, warm white backdrop, catalogue photo
vase_rose: rose glazed vase, blush backdrop, soft shadow to the right, packshot
terrazzo_cream: terrazzo tile, cream ground, terracotta and sage chips, polished, flat lay
terrazzo_night: terrazzo tile, charcoal ground, brass and bone chips, polished, flat lay
terrazzo_sage: terrazzo tile, sage ground, chips of cream and forest green, flat lay
"""
SHOTS = """
mountains_dawn: slow aerial move over layered mountains, morning mist, low sun, film grain
mountains_teal: mountain pass under a pale moon, layers of teal mist, wide shot
mountains_rose: evening over the ranges, rose haze, sun touching the ridge, wide shot
mountains_forest: forested hills in fog, high sun, quiet establishing shot
skyline_violet: city skyline at night across the water, violet haze, establishing shot
skyline_blue: city skyline under a full moon, cold blue air, lit windows, reflections
skyline_amber: city skyline in amber smog, thousands of windows, still water
skyline_neon: neon skyline across the bay, magenta and cyan windows, night
dunes_gold: desert opener, golden dunes, sharp crest lines, low sun, wide shot
dunes_rust: rust red dunes at sunset, long shadows, wide shot
"""
LIGHTHOUSE = Workflow(
    "lighthouse-flux",
    "H100",
    "UNETLoader DualCLIPLoader VAELoader LoraLoader CLIPTextEncodeFlux EmptySD3LatentImage "
    "KSampler VAEDecode ImageSharpen SaveImage",
    1,
    "jpg",
    _subjects(PAINTINGS),
    _painting,
)
PACKSHOT = Workflow(
    "packshot-studio",
    "L40S",
    "CheckpointLoaderSimple LoadImage ControlNetLoader CLIPTextEncode ControlNetApplyAdvanced "
    "KSampler VAEDecode UpscaleModelLoader ImageUpscaleWithModel SaveImage",
    0,
    "webp",
    _subjects(PACKSHOTS),
    _packshot,
    slow_upload=True,
)
STORYBOARD = Workflow(
    "storyboard-video",
    "A10G",
    "UNETLoader CLIPLoader VAELoader CLIPTextEncode WanImageToVideo KSampler VAEDecode SaveImage "
    "VHS_VideoCombine",
    2,
    "png",
    _subjects(SHOTS),
    _storyboard,
)
WORKFLOWS = (LIGHTHOUSE, PACKSHOT, STORYBOARD)
PEOPLE = (
    "user_2demoMiraOkafor00000000001",
    "user_2demoJonasLindqvist0000002",
    "user_2demoRosaSantoro0000000003",
)

MORE_NAMES = [
    "logo-reveal",
    "portrait-relight",
    "texture-tiles",
    "background-swap",
    "inpaint-hands",
    "style-transfer",
    "upscale-4k",
    "product-turntable",
    "sky-replace",
    "lineart-color",
    "depth-parallax",
    "face-restore",
    "poster-layout",
    "room-restyle",
]
PLACED, NUMBER_SHIFT, MAX_WORKFLOWS = 1 << 31, 20, 256


def place(number: int, seed: int) -> int:
    """The seed with the workflow of this number in it; keeps its tempo and 20 lowest bits."""
    if not 0 <= number < MAX_WORKFLOWS:
        raise ValueError(f"There are {MAX_WORKFLOWS} workflows: {number}")
    rest = seed & (0b111 << 28 | (1 << NUMBER_SHIFT) - 1)
    return PLACED | number << NUMBER_SHIFT | rest


def number_of(seed: int) -> int | None:
    """The number of the workflow that the seed names, or None."""
    return seed >> NUMBER_SHIFT & MAX_WORKFLOWS - 1 if seed & PLACED else None


def workflow_name(number: int) -> str:
    if number < len(WORKFLOWS):
        return WORKFLOWS[number].name
    turn, name = divmod(number - len(WORKFLOWS), len(MORE_NAMES))
    return f"{MORE_NAMES[name]}-{turn + 1:02}" if turn else MORE_NAMES[name]


@cache
def workflow_at(number: int, graph: Workflow | None = None) -> Workflow:
    """The workflow of this number, with its own nodes or with those of `graph`."""
    home = WORKFLOWS[number % len(WORKFLOWS)]
    nodes = graph or home
    name = workflow_name(number)
    if name == nodes.name:
        return nodes
    return replace(nodes, name=name, gpu=home.gpu, machine=home.name, graph=nodes.name)


def run_details(seed: int, workflow: Workflow | None = None) -> RunDetails:
    """The facts about the run of this seed; `workflow` gives its nodes."""
    rng = seeded_random("cast", seed)
    chosen = rng.choice(WORKFLOWS)
    number = number_of(seed)
    workflow = (workflow or chosen) if number is None else workflow_at(number, workflow)
    subject = rng.choice(workflow.subjects)
    hook = rng.random() < 0.25
    return RunDetails(
        workflow=workflow,
        subject=subject,
        inputs=workflow.inputs(rng, subject),
        gpu=workflow.gpu,
        origin=rng.choice(("api", "api", "api", "manual")),
        user_id=rng.choice(PEOPLE),
        webhook="https://hooks.example.com/runs?secret=FAKE-not-a-secret" if hook else None,
        webhook_intermediate=hook and rng.random() < 0.5,
    )
