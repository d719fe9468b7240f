"""From syntax trees to a typed case: names, copies of theories, sorts, variants.

``names`` lists what a module declares; ``scopes`` lays out the copies of theories that a module is made of and binds
their roles; ``meanings`` finds what a name stands for, and ``terms`` turns expressions into the core logic;
``statements`` collects what is stated; ``variants`` applies a variant to its base; ``modules`` ties them together.
"""
