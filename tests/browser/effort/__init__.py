"""How many clicks and keystrokes jobs take."""
