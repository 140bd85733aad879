"""Prompts and the bot's own sentences: prose in .md files, loaded as checked templates.

A file's first line declares its variables, `variables: articles, undated` (nothing after the colon for none);
the rest is the text. `{articles}` is a placeholder, `{{` and `}}` are literal braces.
"""

import re
from dataclasses import dataclass
from importlib import resources

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_BRACES = re.compile(r"\{\{|\}\}|\{([a-z][a-z0-9_]*)\}|[{}]")


class PromptError(ValueError):
    """A fault in a template file or in a call that fills it: the program's own; the message names the file."""


@dataclass(frozen=True, slots=True)
class Template:
    """One checked text with placeholders, made by `load` and `parse`; `file` is the name that errors show."""

    file: str
    variables: tuple[str, ...]
    text: str

    def fill(self, /, **values: str) -> str:
        """The text with its values, in which braces mean nothing; PromptError if one is missing or undeclared."""
        if missing := [name for name in self.variables if name not in values]:
            raise PromptError(f"prompts/{self.file} is filled without {', '.join(missing)}.")
        if extra := [name for name in values if name not in self.variables]:
            raise PromptError(f"prompts/{self.file} has no variable {', '.join(extra)}.")
        return _BRACES.sub(lambda brace: values[brace[1]] if brace[1] else brace[0][0], self.text)


def load(name: str) -> Template:
    """The template in prompts/`name`.md; PromptError if there is none or its variables do not add up."""
    try:
        source = resources.files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8")
    except OSError as error:
        raise PromptError(f"There is no template prompts/{name}.md.") from error
    return parse(f"{name}.md", source)


def parse(file: str, source: str) -> Template:
    """Parses a template; `file` is the name that errors show.

    PromptError for a first line without a declaration, a lone brace, and a variable that is declared and not used or
    used and not declared.
    """
    first, _, text = source.partition("\n")
    key, colon, names = first.partition(":")
    if key.strip() != "variables" or not colon:
        raise PromptError(f"prompts/{file}: the first line must be 'variables:' and their names.")
    variables = tuple(name.strip() for name in names.split(",")) if names.strip() else ()
    wrong = [name for name in variables if not _NAME.fullmatch(name) or variables.count(name) > 1]
    if wrong:
        raise PromptError(f"prompts/{file}: {wrong[0]!r} is no name for a variable, or stands there twice.")
    braces = list(_BRACES.finditer(text))
    for brace in braces:
        if brace[0] in ("{", "}"):
            line = text.count("\n", 0, brace.start()) + 2
            raise PromptError(f"prompts/{file}, line {line}: a lone {brace[0]!r}; doubled, it is a brace.")
    for name in sorted({brace[1] for brace in braces if brace[1]} ^ set(variables)):
        wrongly = "declared and not used" if name in variables else "used and not declared"
        raise PromptError(f"prompts/{file}: the variable {name} is {wrongly}.")
    return Template(file, variables, text.strip("\n"))
