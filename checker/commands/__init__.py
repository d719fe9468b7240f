"""The commands, each in a module of its name, which is loaded when the command is called."""
