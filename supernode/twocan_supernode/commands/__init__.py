"""What ``twocan-supernode`` can do: a module each, with ``add_options(parser)``, ``HELP`` and
``DESCRIPTION``. The options name the function that does it as ``command``."""
