"""Genome builds of man and mouse: names, chromosome lengths, accessions of chromosomes.

Lengths and accessions are those of UCSC's and NCBI's tables of the assemblies. Other genomes are
unknown here: nothing is concluded about them.
"""

import re

# Lengths in bp of chromosomes 1, 2, ... X, Y
_LENGTHS = {
    "hg18": (
        247249719, 242951149, 199501827, 191273063, 180857866, 170899992, 158821424, 146274826,
        140273252, 135374737, 134452384, 132349534, 114142980, 106368585, 100338915, 88827254,
        78774742, 76117153, 63811651, 62435964, 46944323, 49691432, 154913754, 57772954,
    ),
    "hg19": (
        249250621, 243199373, 198022430, 191154276, 180915260, 171115067, 159138663, 146364022,
        141213431, 135534747, 135006516, 133851895, 115169878, 107349540, 102531392, 90354753,
        81195210, 78077248, 59128983, 63025520, 48129895, 51304566, 155270560, 59373566,
    ),
    "hg38": (
        248956422, 242193529, 198295559, 190214555, 181538259, 170805979, 159345973, 145138636,
        138394717, 133797422, 135086622, 133275309, 114364328, 107043718, 101991189, 90338345,
        83257441, 80373285, 58617616, 64444167, 46709983, 50818468, 156040895, 57227415,
    ),
    "hs1": (
        248387328, 242696752, 201105948, 193574945, 182045439, 172126628, 160567428, 146259331,
        150617247, 134758134, 135127769, 133324548, 113566686, 101161492, 99753195, 96330374,
        84276897, 80542538, 61707364, 66210255, 45090682, 51324926, 154259566, 62460029,
    ),
    "mm9": (
        197195432, 181748087, 159599783, 155630120, 152537259, 149517037, 152524553, 131738871,
        124076172, 129993255, 121843856, 121257530, 120284312, 125194864, 103494974, 98319150,
        95272651, 90772031, 61342430, 166650296, 15902555,
    ),
    "mm10": (
        195471971, 182113224, 160039680, 156508116, 151834684, 149736546, 145441459, 129401213,
        124595110, 130694993, 122082543, 120129022, 120421639, 124902244, 104043685, 98207768,
        94987271, 90702639, 61431566, 171031299, 91744698,
    ),
    "mm39": (
        195154279, 181755017, 159745316, 156860686, 151758149, 149588044, 144995196, 130127694,
        124359700, 130530862, 121973369, 120092757, 120883175, 125139656, 104073951, 98008968,
        95294699, 90720763, 61420004, 169476592, 91455967,
    ),
}  # fmt: skip

SIZES = {
    build: dict(
        zip([*map(str, range(1, len(sizes) - 1)), "x", "y"], sizes, strict=True),
    )
    for build, sizes in _LENGTHS.items()
}

# What annotations call the builds
_NAMES = {
    "ncbi36": "hg18",
    "grch37": "hg19",
    "hs37d5": "hg19",
    "grch38": "hg38",
    "t2t-chm13v2": "hs1",
    "chm13v2": "hs1",
    "ncbim37": "mm9",
    "mgscv37": "mm9",
    "grcm38": "mm10",
    "grcm39": "mm39",
    **{name: name for name in _LENGTHS},
}
_NAME = re.compile(rf"(?<![a-z0-9])({'|'.join(_NAMES)})(?![0-9])", re.IGNORECASE)
_LIFTED = re.compile(r"(?:mapped|lift(?:ed)?|lift-?over)\s+(?:over\s+)?to\b", re.IGNORECASE)

# Accession of an assembly -> the first of its versions that is of a build, the newest first
_ASSEMBLY = re.compile(r"GC([AF])_(\d{9})\.(\d+)")
_ASSEMBLY_VERSIONS = {
    ("A", "000001405"): ((15, "hg38"), (1, "hg19")),
    ("F", "000001405"): ((26, "hg38"), (13, "hg19"), (12, "hg18")),
    ("A", "000001635"): ((9, "mm39"), (2, "mm10"), (1, "mm9")),
    ("F", "000001635"): ((27, "mm39"), (20, "mm10"), (18, "mm9")),
    ("A", "009914755"): ((4, "hs1"),),
    ("F", "009914755"): ((1, "hs1"),),
}

# Accessions of chromosomes 1, 2, ... X, Y: prefix, first number, builds in the order of the
# accessions' versions, and the versions that are of the first of these builds
_HG19_VERSIONS = (10, *[11] * 3, 9, 11, 13, 10, 11, 10, 9, 11, 10, 8, 9, 9, 10, 9, 9, 10, 8)
_HG19_VERSIONS += (10, 10, 9)
_MM9_VERSIONS = (5, 6, *[5] * 17, 6, 6)
_RUNS = (
    ("NC_", 1, ("hg19", "hg38"), _HG19_VERSIONS),
    ("CM", 663, ("hg19", "hg38"), [1] * 24),
    ("NC_", 67, ("mm9", "mm10", "mm39"), _MM9_VERSIONS),
    ("CM", 994, ("mm9", "mm10", "mm39"), [1] * 21),
    ("NC_", 60925, ("hs1",), [1] * 24),
)
_ACCESSIONS, _ACCESSION_BUILDS = {}, {}
for _prefix, _first, _builds, _versions in _RUNS:
    _names = [*map(str, range(1, len(_versions) - 1)), "x", "y"]
    for _place, (_name, _version) in enumerate(zip(_names, _versions, strict=True)):
        _stem = f"{_prefix}{_first + _place:06d}"
        _ACCESSIONS[_stem] = _name
        for _later, _build in enumerate(_builds):
            _ACCESSION_BUILDS[f"{_stem}.{_version + _later}"] = _build
_ACCESSIONS |= {f"CP0{68277 - place}": str(place + 1) for place in range(22)}
_ACCESSIONS |= {"CP068255": "x", "CP086569": "y"}
_MITOCHONDRIA = ("NC_012920", "J01415", "NC_001807", "CP068254", "NC_005089", "AY172335")
_ACCESSIONS |= dict.fromkeys(_MITOCHONDRIA, "mt")


def chromosome_of_accession(name):
    """Return the plain name of the chromosome that an accession stands for, or None."""
    return _ACCESSIONS.get(name.upper().partition(".")[0])


def build_of_accession(name):
    """Return the genome build that a chromosome's accession with its version is of, or None."""
    return _ACCESSION_BUILDS.get(name.upper())


def find_build(text):
    """Return the one genome build (UCSC name) that a text mentions, or None.

    Of an annotation that was lifted from one build to another the latter counts.
    """
    if lifted := _LIFTED.search(text):
        text = text[lifted.end() :]
    found = {_NAMES[name.lower()] for name in _NAME.findall(text)}
    for source, number, version in _ASSEMBLY.findall(text):
        versions = _ASSEMBLY_VERSIONS.get((source, number), ())
        found |= set([build for first, build in versions if int(version) >= first][:1])
    return found.pop() if len(found) == 1 else None


def build_of_sizes(sizes):
    """Return the genome build whose chromosomes have the lengths given, or None.

    ``sizes`` has lengths in bp by plain names; the build with most of them counts.
    """
    votes = {
        build: sum(known.get(name) == size for name, size in sizes.items())
        for build, known in SIZES.items()
    }
    best = max(votes.values())
    leaders = [build for build, number in votes.items() if number == best]
    return leaders[0] if best and len(leaders) == 1 else None


def builds_with_room(ends, *, slack=0):
    """Return the set of known builds that positions may be of.

    ``ends`` has the last position in bp (exclusive) on each chromosome, by plain names; ``slack``
    is how many bp they may lie beyond the end. All builds are left where nothing is known of the
    chromosomes, and none if the genome is another one.
    """
    known = {name: end for name, end in ends.items() if name.isdecimal() or name in ("x", "y")}
    return {
        build
        for build, sizes in SIZES.items()
        if all(end <= sizes.get(name, -1) + slack for name, end in known.items())
    }
