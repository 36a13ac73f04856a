"""Parsers whose errors are one line and name what was meant."""

import argparse
import textwrap

from ._options import did_you_mean

_WIDTH = 95
STATUS = "exit status: 0 done, 1 an error, 2 wrong usage, 130 interrupted"


class CommandParser(argparse.ArgumentParser):
    """A parser that suggests names, and states exit codes below its help.

    ``groups`` is a dict of heading -> names of commands: their help stands below headings.
    """

    groups = None

    def __init__(self, *args, description=None, **options):
        # raw formatters, which leave examples as they are, do not break lines
        if description is not None and max(map(len, description.split("\n"))) > _WIDTH:
            description = textwrap.fill(description, _WIDTH)
        super().__init__(*args, description=description, **options)

    def format_help(self):
        """Return the help, with commands by group."""
        commands = self._commands()
        if commands is None or not self.groups:
            return f"{super().format_help().rstrip()}\n\n{STATUS}\n"
        lines = [f"usage: {self.prog} COMMAND ...", "", self.description, ""]
        about = {action.dest: action.help for action in commands._choices_actions}
        width = max(map(len, about), default=0)
        for heading, names in self.groups.items():
            names = [name for name in names if name in about]
            lines += [f"{heading}:", *(f"  {n:<{width}}  {about[n]}" for n in names), ""]
        options = [action for action in self._actions if action.option_strings]
        shown = {", ".join(action.option_strings): action.help for action in options}
        width = max(map(len, shown))
        lines += ["options:", *(f"  {name:<{width}}  {text}" for name, text in shown.items()), ""]
        lines += [
            f"{self.prog} COMMAND --help has an example and explains every argument.",
            STATUS,
        ]
        return "\n".join(lines) + "\n"

    def error(self, message):
        """Say in one line what is wrong and exit with status 2."""
        self.exit(2, f"{self.prog}: error: {message}. See {self.prog} --help.\n")

    def refuse(self, arguments):
        """Say which arguments are unknown, with the option that was meant, and exit."""
        unknown = next((text for text in arguments if text.startswith("-")), arguments[0])
        if unknown.startswith("-"):
            known = [name for action in self._actions for name in action.option_strings]
            name = unknown.partition("=")[0]
            self.error(f"there is no option {name}{did_you_mean(name, known)}")
        self.error(f"there is an argument too many, {unknown!r}")

    def _commands(self):
        """Return the action that chooses a command, None of a parser without commands."""
        found = [a for a in self._actions if isinstance(a, argparse._SubParsersAction)]
        return found[0] if found else None

    def _check_value(self, action, value):
        if action.choices is None or value in action.choices:
            return
        known = [str(choice) for choice in action.choices]
        is_command = isinstance(action, argparse._SubParsersAction)
        what = "unknown command" if is_command else "invalid choice"
        raise argparse.ArgumentError(
            None if is_command else action,
            f"{what} {value!r}{did_you_mean(value, known)}; there are {', '.join(known)}",
        )
