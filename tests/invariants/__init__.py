"""What must hold of every room whatever happens to it: nothing lost, nothing twice.

    witness = Witness(stage)                          # before anything happens
    ...                                               # play, break, kill
    assert witness.violations(Moment.DONE) == []

A `Witness` gathers `Evidence`: what the journal and the outbox hold, what stands in the channels, what the host was
asked and answered. Every claim is a function from evidence to sentences, one for each violation; none when it holds.
"""

from tests.invariants.claims import CLAIMS, violations
from tests.invariants.evidence import Evidence, Moment
from tests.invariants.keeping import lost_between
from tests.invariants.witness import Witness

__all__ = ["CLAIMS", "Evidence", "Moment", "Witness", "lost_between", "violations"]
