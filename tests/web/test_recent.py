"""What was used last is kept, within bounds."""

import threading

from portal.web.recent import Recent


def kept_of(recent: Recent[str, str], keys: str) -> str:
    return "".join(key for key in keys if recent.find(key))


def test_what_was_used_longest_ago_goes_first() -> None:
    recent: Recent[str, str] = Recent(most=2, most_bytes=100)
    recent.keep("a", "A", 1)
    recent.keep("b", "B", 1)
    recent.find("a")
    recent.keep("c", "C", 1)
    assert kept_of(recent, "abc") == "ac"


def test_all_together_are_no_larger_than_their_bound() -> None:
    recent: Recent[str, str] = Recent(most=100, most_bytes=10)
    for key in "abc":
        recent.keep(key, key, 4)
    assert (kept_of(recent, "abc"), recent.bytes) == ("bc", 8)


def test_another_thing_with_the_same_key_takes_its_place() -> None:
    recent: Recent[str, str] = Recent(most=100, most_bytes=10)
    recent.keep("a", "A", 4)
    recent.keep("a", "Z", 6)
    assert (recent.find("a"), len(recent), recent.bytes) == ("Z", 1, 6)


def test_a_thing_that_is_too_large_drives_nothing_else_out() -> None:
    recent: Recent[str, str] = Recent(most=100, most_bytes=10)
    recent.keep("a", "A", 4)
    recent.keep("b", "B", 4)
    recent.keep("a", "A" * 11, 11)
    assert (kept_of(recent, "ab"), recent.bytes) == ("b", 4)


def test_many_threads_stay_within_the_bounds_and_count_right() -> None:
    recent: Recent[int, int] = Recent(most=50, most_bytes=300)
    faults: list[BaseException] = []

    def use(first: int) -> None:
        try:
            for number in range(first, first + 3000):
                recent.keep(number % 97, number, number % 11 + 1)
                recent.find(number % 31)
        except BaseException as fault:
            faults.append(fault)

    threads = [threading.Thread(target=use, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    left = [recent.find(key) for key in range(97)]
    assert faults == []
    assert len(recent) <= 50
    assert recent.bytes == sum(number % 11 + 1 for number in left if number is not None) <= 300
