\* Copyright The rcublk authors
\* SPDX-License-Identifier: Apache-2.0
---------------------------- MODULE Transactions ----------------------------
(***************************************************************************)
(* Overlapping changes of one graph: org.rcublk.graph.Transaction,         *)
(* StraddlingCommit, Conflicts, GateTable and the exchange of Publisher.   *)
(*                                                                         *)
(* Modelled as the code has it                                             *)
(* - one loop; each round reads the current version and does the first     *)
(*   thing that is missing: place all missing gates in one exchange; drain *)
(*   the roots above them; publish the change without the gates;           *)
(* - an exchange succeeds only on the version that was read (identity, not *)
(*   value: "fresh"); the new version is made from that one;               *)
(* - a foreign gate on a node, or on a node under a root above it, is an   *)
(*   obstacle: give back the own gates, wait, try again;                   *)
(* - a change may concern more nodes after somebody else's publication;    *)
(* - a deadline may pass at any wait: the gates go off, nothing changes;   *)
(* - a change that requests may straddle places no gate, waits for foreign *)
(*   ones under the roots that it affects, and publishes in one exchange.  *)
(*                                                                         *)
(* The graph: root r1 over node a, r2 over b, r3 over b and c, r4 over d.  *)
(* Changes: "ab" and "ac" gate two nodes; "a", "c" and "d" gate one; "c"   *)
(* concerns a too once "straddle" is in the graph; "straddle" affects r4.  *)
(* "ab" and "c" share no node but a root.                                  *)
(*                                                                         *)
(* Abstracted: what a change does is that its name is in the graph; the    *)
(* topology stays; requests of a root are a flag that admission puts up,   *)
(* while the root is not gated, and that goes down when they have ended, so *)
(* a drain is a wait for the flag (GracePeriod and GateParkRelease have    *)
(* the rest); no flush, no guarantee J, no Drain that is kept by a caller. *)
(***************************************************************************)
EXTENDS FiniteSets

CONSTANTS
  Gating,      \* changes that drain: a subset of "ab", "ac", "a", "c", "d"
  Straddling,  \* {"straddle"} or {}
  MayAbort,    \* whether a deadline may pass
  Mutants

On(m) == m \in Mutants
Txns == Gating \cup Straddling
Nodes == {"a", "b", "c", "d"}
Roots == {"r1", "r2", "r3", "r4"}
Reach(r) == CASE r = "r1" -> {"a"} [] r = "r2" -> {"b"} [] r = "r3" -> {"b", "c"} [] r = "r4" -> {"d"}
RootsAbove(nodes) == {r \in Roots : Reach(r) \cap nodes # {}}

\* Candidate.gates: what the change concerns when it is made from a graph.
Concerns(t, content) ==
  CASE t = "ab" -> {"a", "b"}
    [] t = "ac" -> {"a", "c"}
    [] t = "a" -> {"a"}
    [] t = "c" -> IF "straddle" \in content THEN {"c", "a"} ELSE {"c"}
    [] t = "d" -> {"d"}
    [] t = "straddle" -> {"d"}

VARIABLES
  current,     \* Publisher.current: gates (owners of each node) and content, one object
  fresh,       \* changes that have read the version that is still current
  base,        \* base[t]: the version that t read
  pc,          \* pc[t]: round, gate, drain, publish, ungate, wait, abort, committed, aborted
  held,        \* Transaction.held
  missing,     \* nodes to gate in this round
  waiting,     \* roots whose grace period this round waits for
  drained,     \* Transaction.drained
  gatedBase,   \* the graph that was gated (a mutant uses it)
  busy,        \* busy[r]: requests of root r run
  trespass     \* ghost: a change was published into a drained set of another

vars == <<current, fresh, base, pc, held, missing, waiting, drained, gatedBase, busy, trespass>>
locals == <<held, missing, waiting, drained, gatedBase>>

Empty == [gates |-> [n \in Nodes |-> {}], content |-> {}]

Init ==
  /\ current = Empty
  /\ fresh = {}
  /\ base = [t \in Txns |-> Empty]
  /\ pc = [t \in Txns |-> "round"]
  /\ held = [t \in Txns |-> {}]
  /\ missing = [t \in Txns |-> {}]
  /\ waiting = [t \in Txns |-> {}]
  /\ drained = [t \in Txns |-> {}]
  /\ gatedBase = [t \in Txns |-> {}]
  /\ busy = [r \in Roots |-> FALSE]
  /\ trespass = FALSE

Gates(v, t) == {n \in Nodes : t \in v.gates[n]}
Foreign(v, t, nodes) == \E n \in nodes : v.gates[n] \ {t} # {}

\* Conflicts.find
Obstacle(v, t, nodes) ==
  /\ ~On("graph-no-conflict")
  /\ \/ Foreign(v, t, nodes)
     \/ /\ ~On("graph-conflicts-by-node")
        /\ \E r \in RootsAbove(nodes) : Foreign(v, t, Reach(r))

Plus(v, t, nodes) == [v EXCEPT !.gates = [n \in Nodes |-> IF n \in nodes THEN @[n] \cup {t} ELSE @[n]]]
Minus(v, t) == [v EXCEPT !.gates = [n \in Nodes |-> @[n] \ {t}]]

\* Publisher.exchange: everybody else's base is old now.
Fresh(t) == t \in fresh \/ On("graph-publish-set")
Exchange(v) == current' = v /\ fresh' = {}

----------------------------------------------------------------------------
(* Transaction.prepare: one round on the version that is current *)

Round(t) ==
  /\ t \in Gating /\ pc[t] = "round"
  /\ base' = [base EXCEPT ![t] = current]
  /\ fresh' = fresh \cup {t}
  /\ LET need == Concerns(t, current.content) \ Gates(current, t)
         all == IF On("graph-partial-gates") /\ need # {}
                THEN {CHOOSE n \in need : need = {n} \/ (t = "ab" <=> n = "a")} ELSE need
         open == RootsAbove(held[t]) \ drained[t]
         some == IF On("graph-drain-one-root") /\ open # {} THEN {CHOOSE r \in open : TRUE} ELSE open
     IN IF On("graph-no-gate")
        THEN /\ pc' = [pc EXCEPT ![t] = "publish"]
             /\ UNCHANGED <<missing, waiting>>
        ELSE IF need # {}
        THEN /\ missing' = [missing EXCEPT ![t] = all]
             /\ waiting' = waiting
             /\ pc' = [pc EXCEPT ![t] =
                         IF ~Obstacle(current, t, all) THEN "gate"
                         ELSE IF held[t] # {} /\ ~On("graph-partial-gates") /\ ~On("graph-give-way-holding")
                              THEN "ungate" ELSE "wait"]
        ELSE IF open # {}
        THEN /\ waiting' = [waiting EXCEPT ![t] = some]
             /\ missing' = missing
             /\ pc' = [pc EXCEPT ![t] = "drain"]
        ELSE /\ pc' = [pc EXCEPT ![t] = "publish"]
             /\ UNCHANGED <<missing, waiting>>
  /\ UNCHANGED <<current, held, drained, gatedBase, busy, trespass>>

\* Successors.gated, Publisher.publish
Gate(t) ==
  /\ pc[t] = "gate"
  /\ IF Fresh(t)
     THEN /\ Exchange(Plus(base[t], t, missing[t]))
          /\ held' = [held EXCEPT ![t] = @ \cup missing[t]]
          /\ gatedBase' = [gatedBase EXCEPT ![t] = base[t].content]
     ELSE UNCHANGED <<current, fresh, held, gatedBase>>
  /\ missing' = [missing EXCEPT ![t] = {}]
  /\ pc' = [pc EXCEPT ![t] = "round"]
  /\ UNCHANGED <<base, waiting, drained, busy, trespass>>

\* GraceWait.await: the grace periods of all roots in parallel
DrainRoot(t) ==
  /\ pc[t] = "drain"
  /\ \E r \in waiting[t] : ~busy[r] /\ waiting' = [waiting EXCEPT ![t] = @ \ {r}]
  /\ UNCHANGED <<current, fresh, base, pc, held, missing, drained, gatedBase, busy, trespass>>

Drained(t) ==
  /\ pc[t] = "drain" /\ waiting[t] = {}
  /\ drained' = [drained EXCEPT ![t] = RootsAbove(held[t])]
  /\ pc' = [pc EXCEPT ![t] = "round"]
  /\ UNCHANGED <<current, fresh, base, held, missing, waiting, gatedBase, busy, trespass>>

Forget(t) ==
  /\ held' = [held EXCEPT ![t] = {}]
  /\ missing' = [missing EXCEPT ![t] = {}]
  /\ waiting' = [waiting EXCEPT ![t] = {}]
  /\ gatedBase' = [gatedBase EXCEPT ![t] = {}]
  /\ drained' = IF On("graph-stale-drained") THEN drained ELSE [drained EXCEPT ![t] = {}]

\* Successors.changed, Publisher.publish: the change, and the gates off
Publish(t) ==
  /\ t \in Gating /\ pc[t] = "publish"
  /\ IF Fresh(t)
     THEN /\ Exchange([Minus(base[t], t) EXCEPT !.content =
                         (IF On("graph-rebase-on-gated") THEN gatedBase[t] ELSE @) \cup {t}])
          /\ pc' = [pc EXCEPT ![t] = "committed"]
          /\ Forget(t)
     ELSE pc' = [pc EXCEPT ![t] = "round"] /\ UNCHANGED <<current, fresh, locals>>
  /\ UNCHANGED <<base, busy, trespass>>

\* Transaction.ungate: a loop of exchanges until one succeeds. It gives way, or gives up.
Ungate(t) ==
  /\ pc[t] \in {"ungate", "abort"}
  /\ IF On("graph-abort-keeps-gate") /\ pc[t] = "abort"
     THEN UNCHANGED <<current, fresh>>
     ELSE IF held[t] = {} THEN UNCHANGED <<current, fresh>> ELSE Exchange(Minus(current, t))
  /\ pc' = [pc EXCEPT ![t] = IF @ = "ungate" THEN "wait" ELSE "aborted"]
  /\ Forget(t)
  /\ UNCHANGED <<base, busy, trespass>>

\* Deadline.pause
Wait(t) ==
  /\ pc[t] = "wait"
  /\ pc' = [pc EXCEPT ![t] = "round"]
  /\ missing' = [missing EXCEPT ![t] = {}]
  /\ UNCHANGED <<current, fresh, base, held, waiting, drained, gatedBase, busy, trespass>>

\* The deadline passes.
Abort(t) ==
  /\ MayAbort
  /\ pc[t] \in {"wait", "drain"}
  /\ pc' = [pc EXCEPT ![t] = "abort"]
  /\ UNCHANGED <<current, fresh, base, locals, busy, trespass>>

----------------------------------------------------------------------------
(* StraddlingCommit.commit *)

StraddleRound(t) ==
  /\ t \in Straddling /\ pc[t] = "round"
  /\ base' = [base EXCEPT ![t] = current]
  /\ fresh' = fresh \cup {t}
  /\ pc' = [pc EXCEPT ![t] = IF /\ Obstacle(current, t, Concerns(t, current.content))
                                /\ ~On("graph-straddle-gated")
                             THEN "wait" ELSE "publish"]
  /\ UNCHANGED <<current, locals, busy, trespass>>

StraddlePublish(t) ==
  /\ t \in Straddling /\ pc[t] = "publish"
  /\ IF Fresh(t)
     THEN /\ Exchange([base[t] EXCEPT !.content = @ \cup {t}])
          /\ pc' = [pc EXCEPT ![t] = "committed"]
          /\ trespass' = \E u \in Gating :
               /\ pc[u] = "publish"
               /\ RootsAbove(held[u]) \cap RootsAbove(Concerns(t, base[t].content)) # {}
     ELSE pc' = [pc EXCEPT ![t] = "round"] /\ UNCHANGED <<current, fresh, trespass>>
  /\ UNCHANGED <<base, locals, busy>>

----------------------------------------------------------------------------
(* Requests, by root *)

Gated(r) == \E n \in Reach(r) : current.gates[n] # {}

Admit(r) ==
  /\ \E t \in Txns : r \in RootsAbove(Concerns(t, Txns))   \* of other roots nobody asks
  /\ ~busy[r] /\ ~Gated(r)
  /\ busy' = [busy EXCEPT ![r] = TRUE]
  /\ UNCHANGED <<current, fresh, base, pc, locals, trespass>>

RequestsEnd(r) ==
  /\ busy[r]
  /\ busy' = [busy EXCEPT ![r] = FALSE]
  /\ UNCHANGED <<current, fresh, base, pc, locals, trespass>>

----------------------------------------------------------------------------
TxnStep(t) == Round(t) \/ Gate(t) \/ DrainRoot(t) \/ Drained(t) \/ Publish(t) \/ Ungate(t) \/ Wait(t)
              \/ StraddleRound(t) \/ StraddlePublish(t)

Next == \/ \E t \in Txns : TxnStep(t) \/ Abort(t)
        \/ \E r \in Roots : Admit(r) \/ RequestsEnd(r)

\* A deadline need not pass, and no request need come.
Spec == /\ Init /\ [][Next]_vars
        /\ \A t \in Txns : WF_vars(TxnStep(t))
        /\ \A r \in Roots : WF_vars(RequestsEnd(r))

Overlap(t, u) == RootsAbove(held[t]) \cap RootsAbove(held[u]) # {}

(* S10, guarantee F: of two changes whose nodes or roots overlap, at most  *)
(* one has its gates, so at most one is past its grace period; and none    *)
(* that requests straddle is published into that.                          *)
Isolation == \A t, u \in Gating : t # u => ~Overlap(t, u)
NoTrespass == ~trespass

(* S7: who is past its grace period has no request on what it holds.       *)
Quiesced == \A t \in Gating : pc[t] = "publish" =>
              \A r \in RootsAbove(Concerns(t, base[t].content)) : ~busy[r]

(* S6, guarantee E: the graph has exactly the changes that were published, *)
(* and an aborted one left nothing.                                        *)
NoLostUpdate == current.content = {t \in Txns : pc[t] = "committed"}
AbortRestores == \A t \in Txns : pc[t] \in {"committed", "aborted"} => Gates(current, t) = {}

(* L4: gates are placed all at once; each knows what it holds.             *)
AllOrNothing == \A t \in Gating :
  /\ Gates(current, t) # {} => Concerns(t, {}) \subseteq Gates(current, t)
  /\ Gates(current, t) = held[t]

(* Guarantee G: no hold and wait.                                          *)
NoHoldAndWait == \A t \in Gating : pc[t] = "wait" => held[t] = {}

(* L4, guarantee I: every change commits or gives up.                      *)
EveryChangeEnds == \A t \in Txns : <>(pc[t] \in {"committed", "aborted"})
=============================================================================
