\* Copyright The rcublk authors
\* SPDX-License-Identifier: Apache-2.0
------------------------ MODULE GracePeriodProgress ------------------------
(***************************************************************************)
(* Why the flip: an endless stream of readers, and grace periods one after *)
(* the other for ever (org.rcublk.rcu.GracePeriods). Readers begin and end *)
(* sections without a bound; each section that has begun ends. Two readers *)
(* whose sections overlap keep the rank of new sections busy for ever.     *)
(*                                                                         *)
(* Abstracted, so that endless behaviours have finitely many states: a     *)
(* scan is one step, possible when no section is counted on its rank. That *)
(* a scan of single counters never says so wrongly, and says so once the   *)
(* rank is at rest, is what GracePeriod shows; here the question is        *)
(* whether the rank comes to rest.                                         *)
(***************************************************************************)
EXTENDS Naturals

CONSTANTS
  Readers,    \* each has one section at a time; an IOThread with many counts as many
  Mutants

On(m) == m \in Mutants

VARIABLES
  rank,       \* GracePeriods.rank
  reader,     \* reader[p]: at is out, loaded or in; and the rank that it loaded
  stage       \* GracePeriods.stage: idle, inactive, flip, left

vars == <<rank, reader, stage>>

Out == [at |-> "out", rank |-> 0]

Init == /\ rank = 0
        /\ reader = [p \in Readers |-> Out]
        /\ stage = "idle"

\* ReadDomain.downRead: the load of the rank, which may be old when the count is stored
LoadRank(p) == /\ reader[p].at = "out"
               /\ reader' = [reader EXCEPT ![p] = [at |-> "loaded", rank |-> rank]]
               /\ UNCHANGED <<rank, stage>>

\* ReadDomain.downRead: the store of the count
Count(p) == /\ reader[p].at = "loaded"
            /\ reader' = [reader EXCEPT ![p].at = "in"]
            /\ UNCHANGED <<rank, stage>>

\* ReadDomain.upRead
End(p) == /\ reader[p].at = "in"
          /\ reader' = [reader EXCEPT ![p] = Out]
          /\ UNCHANGED <<rank, stage>>

Quiet(r) == \A p \in Readers : ~(reader[p].at = "in" /\ reader[p].rank = r)

\* GracePeriods.advance
Begin == /\ stage = "idle"
         /\ stage' = "inactive"
         /\ UNCHANGED <<rank, reader>>

ScanInactive == /\ stage = "inactive" /\ Quiet(1 - rank)
                /\ stage' = "flip"
                /\ UNCHANGED <<rank, reader>>

Flip == /\ stage = "flip"
        /\ stage' = "left"
        /\ rank' = IF On("rcu-no-flip") THEN rank ELSE 1 - rank
        /\ UNCHANGED reader

\* Without the flip the rank that was not scanned yet is the one in use.
ScanLeft == /\ stage = "left" /\ Quiet(IF On("rcu-no-flip") THEN rank ELSE 1 - rank)
            /\ stage' = "idle"
            /\ UNCHANGED <<rank, reader>>

Stepper == Begin \/ ScanInactive \/ Flip \/ ScanLeft

Next == Stepper \/ \E p \in Readers : LoadRank(p) \/ Count(p) \/ End(p)

Spec == Init /\ [][Next]_vars /\ WF_vars(Stepper)
             /\ \A p \in Readers : WF_vars(Count(p)) /\ WF_vars(End(p))

(* L2, guarantee I: grace periods go on whatever new readers do. (L3: each *)
(* ends; each that could begin begins.)                                    *)
WritersNotStarved == []<>(stage = "idle") /\ []<>(stage # "idle")

TypeOK == /\ rank \in {0, 1}
          /\ stage \in {"idle", "inactive", "flip", "left"}
          /\ reader \in [Readers -> [at : {"out", "loaded", "in"}, rank : {0, 1}]]
=============================================================================
