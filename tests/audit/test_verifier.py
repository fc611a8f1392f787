"""The stand-alone verifier, as people run it: what is whole is called whole, and every planted fault is found.

Its signatures are checked against the vectors of RFC 8032 and against the library that signs."""

import json
import subprocess
import sys
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from portal import audit
from portal.audit.head_rules import instant, signed_text
from portal.audit.published import consistency_as_json, heads_as_json, keys_as_json, proof_as_json
from portal.domain.certificates import queries
from tests import stand_alone
from tests.certificate_scenes import given_edition, issue
from tests.log_scenes import NOW, Happened, note, seal
from tests.stand_alone import run

VERIFIER = stand_alone.load()
# RFC 8032, section 7.1: public key, message, signature.
VECTORS = [
    (
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155"
        "5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
        "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
    (
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
        "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a",
    ),
]


@pytest.mark.parametrize(("public", "message", "signature"), VECTORS)
def test_the_signatures_of_the_rfc(public, message, signature):
    arguments = [bytes.fromhex(text) for text in (public, signature, message)]
    assert VERIFIER.is_signed(*arguments)
    assert not VERIFIER.is_signed(*arguments[:2], b"another")


@given(st.binary(min_size=32, max_size=32), st.binary(max_size=100), st.integers(0, 511))
def test_it_accepts_what_the_library_signs_and_no_bit_else(seed, message, bit):
    key = Ed25519PrivateKey.from_private_bytes(seed)
    public, signature = key.public_key().public_bytes_raw(), key.sign(message)
    assert VERIFIER.is_signed(public, signature, message)
    other = bytearray(signature)
    other[bit // 8] ^= 1 << bit % 8
    assert not VERIFIER.is_signed(public, bytes(other), message)


@pytest.mark.parametrize("signature", [b"", b"\x00" * 63, b"\x00" * 65, b"\xff" * 64])
def test_what_cannot_be_a_signature_is_none(signature):
    assert not VERIFIER.is_signed(bytes.fromhex(VECTORS[0][0]), signature, b"")


def test_a_signature_whose_number_is_too_large_is_refused():
    """Else there would be two signatures for one text."""
    public, _, signature = (bytes.fromhex(text) for text in VECTORS[0])
    larger = int.from_bytes(signature[32:], "little") + VERIFIER.ORDER
    assert not VERIFIER.is_signed(public, signature[:32] + larger.to_bytes(32, "little"), b"")


# The log and its heads


@pytest.fixture
def files(app, tmp_path):
    """A log of 206 entries with two certificates and two heads, and all that the portal publishes of it."""
    scene = given_edition(["Dewi Hardjo", "Jan van den Berg"])
    note(*(Happened(number, f"één\u2028{number}") for number in range(100)))
    seal()
    certificates = [issue(enrolment) for enrolment in scene.enrolments]
    note(*(Happened(number) for number in range(100)))
    seal(NOW + timedelta(days=1))
    (tmp_path / "log.jsonl").write_text("".join(f"{line}\n" for line in audit.export_lines()), encoding="utf-8")
    listed, _ = audit.list_heads()
    heads = heads_as_json(listed, page=1, pages=1, next_page=None)
    (tmp_path / "koppen.json").write_text(json.dumps(heads))
    (tmp_path / "sleutels.json").write_text(json.dumps(keys_as_json(audit.list_keys())))
    newest = audit.find_newest_head()
    for number, certificate in enumerate(certificates, start=1):
        seq = audit.find_seq("certificate", certificate.id, "certificates.issued")
        proof = proof_as_json(audit.prove(seq, newest), audit.list_keys())
        (tmp_path / f"bewijs-{number}.json").write_text(json.dumps(proof))
        (tmp_path / f"certificaat-{number}.pdf").write_bytes(queries.get_pdf(certificate.id))
    between = consistency_as_json(audit.prove_consistency(listed[-1], newest), audit.list_keys())
    (tmp_path / "samenhang.json").write_text(json.dumps(between))
    return tmp_path


def check_log(files):
    return run("log", files / "log.jsonl", "--heads", files / "koppen.json", "--keys", files / "sleutels.json")


def check_certificate(files, number=1, *more):
    return run("certificate", files / f"bewijs-{number}.json", "--keys", files / "sleutels.json", *more)


def edit(file, change):
    known = json.loads(file.read_text())
    change(known)
    file.write_text(json.dumps(known))


def edit_lines(files, change):
    file = files / "log.jsonl"
    lines = file.read_text(encoding="utf-8").split("\n")
    change(lines)
    file.write_text("\n".join(lines), encoding="utf-8")


def test_what_is_whole_is_called_whole(files):
    assert check_log(files) == (
        0,
        [f"The log is whole: {audit.count_entries()} entries, 2 signed heads, all over these entries."],
    )
    newest = audit.find_newest_head()
    for number in (1, 2):
        code, told = check_certificate(files, number, "--pdf", files / f"certificaat-{number}.pdf")
        assert (code, len(told)) == (0, 1)
        assert told[0].startswith(f"Certificate EKC-2026-000{number} is entry ")
        assert f" of {newest.size}, with the hash of this PDF, signed at 2026-04-03T09:00:00.000000Z" in told[0]
    code, told = run("consistency", files / "samenhang.json", "--keys", files / "sleutels.json")
    assert (code, told) == (0, [f"The log of {newest.size} entries begins with the 100 that were signed."])


def test_without_the_published_keys_it_says_that_the_key_came_along(files):
    code, told = run("certificate", files / "bewijs-1.json")
    assert (code, told[1:]) == (0, ["The key came with the file itself: compare it with one that you know."])


def flip_a_byte(lines):
    lines[41] = lines[41].replace('"via":"web"', '"via":"wec"')


def change_and_hash_anew(lines):
    entry = json.loads(lines[41])
    entry["actor_id"] = 8
    entry["hash"] = VERIFIER.entry_hash(entry)
    lines[41] = json.dumps(entry)


def rewrite_the_end(lines):
    """The last entry before the head, changed, and the chain computed anew from there: whole by itself."""
    entries = [json.loads(line) for line in lines if line]
    entries[150]["actor_id"] = 8
    previous = entries[149]["hash"]
    for entry in entries[150:]:
        entry["previous_hash"] = previous
        previous = entry["hash"] = VERIFIER.entry_hash(entry)
    lines[:] = [json.dumps(entry) for entry in entries]


def swap(lines):
    lines[20], lines[21] = lines[21], lines[20]


LOG_FAULTS = {
    "a byte flipped": (flip_a_byte, "Entry 42 was changed: its hash is of other contents."),
    "an entry changed and hashed anew": (change_and_hash_anew, "Entry 43 does not hold the hash of the entry before"),
    "an entry dropped": (lambda lines: lines.pop(41), "Entry 42 is missing: entry 43 stands in its place."),
    "the first dropped": (lambda lines: lines.pop(0), "Entry 1 is missing"),
    "two swapped": (swap, "Entry 21 is missing: entry 22 stands in its place."),
    "the end rewritten": (rewrite_the_end, "has another root than this log: what was signed then was changed."),
    "the end cut off": (lambda lines: lines.__delitem__(slice(150, None)), "covers more than this log holds unbroken"),
}


@pytest.mark.parametrize("fault", LOG_FAULTS)
def test_faults_in_the_log_are_found(files, fault):
    change, sentence = LOG_FAULTS[fault]
    edit_lines(files, change)
    code, told = check_log(files)
    assert code == 1
    assert any(sentence in line for line in told), told


def forged(head, **values):
    head |= values
    signed = Ed25519PrivateKey.generate().sign(VERIFIER.signed_text(head))
    head["signature"] = signed.hex()


HEAD_FAULTS = {
    "another root": (lambda heads: heads[0].update(root="00" * 32), "did not sign this size, root and time."),
    "another time": (
        lambda heads: heads[0].update(signed_at="2027-01-01T00:00:00.000000Z"),
        "did not sign this size, root and time.",
    ),
    "a forged signature": (lambda heads: forged(heads[1]), "did not sign this size, root and time."),
    "an unknown key": (lambda heads: heads[1].update(key="0" * 16), "which is not among the published keys."),
    "another root, forged": (lambda heads: forged(heads[1], root="11" * 32), "has another root than this log"),
    "one that covers less": (
        lambda heads: heads[0].update(size=40),
        "over 40 entries covers fewer entries than one that was signed before it.",
    ),
}


@pytest.mark.parametrize("fault", HEAD_FAULTS)
def test_faults_in_the_heads_are_found(files, fault):
    change, sentence = HEAD_FAULTS[fault]
    edit(files / "koppen.json", lambda known: change(known["heads"]))
    code, told = check_log(files)
    assert code == 1
    assert any(sentence in line for line in told), told


def take_the_other_path(proof, files):
    proof["path"] = json.loads((files / "bewijs-2.json").read_text())["path"]


CERTIFICATE_FAULTS = {
    "another hash of the file": (
        lambda proof, _: proof["leaf"]["facts"].update(sha256="00" * 32),
        "as it stands in the proof is not under this head.",
    ),
    "another number": (
        lambda proof, _: proof["leaf"]["facts"].update(number="EKC-2026-0009"),
        "as it stands in the proof is not under this head.",
    ),
    "another place": (lambda proof, _: proof["leaf"].update(seq=3), "is not under this head."),
    "the path of another": (take_the_other_path, "is not under this head."),
    "a path that is too short": (lambda proof, _: proof["path"].pop(), "is not under this head."),
    "another root": (lambda proof, _: proof["head"].update(root="00" * 32), "The signature of the head is false"),
    "a forged signature": (lambda proof, _: forged(proof["head"]), "The signature of the head is false"),
    "another size": (lambda proof, _: proof["head"].update(size=500), "The signature of the head is false"),
    "an entry of something else": (
        lambda proof, _: proof["leaf"].update(tag="certificates.revoked"),
        "is not about the issue of a certificate.",
    ),
}


@pytest.mark.parametrize("fault", CERTIFICATE_FAULTS)
def test_faults_in_the_proof_of_a_certificate_are_found(files, fault):
    change, sentence = CERTIFICATE_FAULTS[fault]
    edit(files / "bewijs-1.json", lambda proof: change(proof, files))
    code, told = check_certificate(files)
    assert code == 1
    assert any(sentence in line for line in told), told


def test_the_proof_of_another_certificate_is_found(files):
    code, told = check_certificate(files, 2, "--pdf", files / "certificaat-1.pdf", "--number", "EKC-2026-0001")
    assert code == 1
    assert told == [
        "The proof is of certificate EKC-2026-0002, not of EKC-2026-0001.",
        "The PDF is another file than the one that was issued: its SHA-256 is not the one in the log.",
    ]


def test_a_pdf_with_one_other_byte_is_found(files):
    pdf = files / "certificaat-1.pdf"
    pdf.write_bytes(pdf.read_bytes()[:-1] + b"x")
    assert check_certificate(files, 1, "--pdf", pdf)[0] == 1


CONSISTENCY_FAULTS = {
    "another beginning": lambda proof: forged(proof["old"], root="00" * 32),
    "another end": lambda proof: forged(proof["new"], root="00" * 32),
    "a path that is too long": lambda proof: proof["path"].append("00" * 32),
    "another path": lambda proof: proof["path"].reverse(),
    "no path": lambda proof: proof["path"].clear(),
}


@pytest.mark.parametrize("fault", CONSISTENCY_FAULTS)
def test_faults_between_two_heads_are_found(files, fault):
    edit(files / "samenhang.json", CONSISTENCY_FAULTS[fault])
    code, told = run("consistency", files / "samenhang.json", "--keys", files / "sleutels.json")
    assert code == 1
    assert any("does not begin with the one of 100 that was signed." in line for line in told), told


@pytest.mark.parametrize("content", ["", "no JSON", "[]", "{}", '{"heads": 3}', '{"leaf": {}, "head": {}}'])
@pytest.mark.parametrize("what", ["log", "certificate", "consistency"])
def test_a_file_that_is_something_else_is_said_to_be(tmp_path, what, content):
    (tmp_path / "odd.json").write_text(content)
    if what == "log" and not content:
        return
    code, told = run(what, tmp_path / "odd.json")
    assert code == 2
    assert "cannot be read" in told[0] or "is not of the form" in told[0]


def test_it_needs_nothing_but_python_and_agrees_on_what_is_signed(files):
    head = audit.find_newest_head()
    text = {"size": head.size, "root": head.root, "signed_at": instant(head.signed_at)}
    assert VERIFIER.signed_text(text) == signed_text(head)
    done = subprocess.run([sys.executable, "-I", "-S", stand_alone.FILE, "--help"], capture_output=True, text=True)
    assert done.returncode == 0
    assert "python3 controleer.py certificate" in done.stdout
