"""What the domain says when it cannot do what was asked. Each error carries the sentence that its reader will see."""


class DomainError(Exception):
    """A refusal in words: `sentence` is shown to the person, `field` names the form field it belongs to, if any."""

    status = 422

    def __init__(self, sentence: str, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class Refused(DomainError):
    """A rule of the business forbids it. 422 on the page that asked."""


class Conflict(DomainError):
    """Somebody else was first, or the thing has changed meanwhile. 409, with what to do now."""

    status = 409


class NotFound(DomainError):
    """There is no such thing, or not for this person. 404: the two must look the same."""

    status = 404

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
