\* Copyright The rcublk authors
\* SPDX-License-Identifier: Apache-2.0
-------------------------- MODULE GateParkRelease --------------------------
(***************************************************************************)
(* Admission against a change that gates, drains, commits and releases:    *)
(* org.rcublk.io.RcuAdmission, Virtqueue, IoThread and Sleeper, against    *)
(* org.rcublk.graph.Transaction and Publisher. One root, one domain.       *)
(*                                                                         *)
(* Modelled as the code has it                                             *)
(* - admission: count, load the version, look at its gate; run, or end the *)
(*   section and park; gate and graph are one object and one load;         *)
(* - a parked request holds no token; its IOThread keeps it in a list that *)
(*   only this thread touches;                                             *)
(* - release: after the publication, a flag for each queue, then a look at *)
(*   the announcement of sleep and, if it is there, a wake-up; the         *)
(*   IOThread takes the flag down before it walks the list, announces that *)
(*   it sleeps and looks for work once more;                               *)
(* - children fork their parent's section, run on its version, never look  *)
(*   at the gate; a parent may wait for its child or end before it;        *)
(* - completion: the section ends first, then the callback runs, which may *)
(*   wait for another request of the same disk;                            *)
(* - a deadline that passes at any time of the drain: the gate goes off,   *)
(*   nothing else changes, parked requests are let in.                     *)
(* A request of a guest thread parks in a queue that others take from:     *)
(* enqueue, then look at the version again and take the request back if    *)
(* the gate is gone (rcu.md 2.6). io-rings has no such path today: every   *)
(* request parks on its IOThread. It is here for who adds one.             *)
(*                                                                         *)
(* Abstracted: a grace period waits for exactly the sections that were     *)
(* counted when it began and for what is forked from them (GracePeriod     *)
(* shows that); memory is sequentially consistent (the fences of Sleeper   *)
(* are for JCStress); one gate, one change at a time (Transactions).       *)
(***************************************************************************)
EXTENDS Naturals, FiniteSets

CONSTANTS
  NReqs,       \* requests of IOThreads: 1..NReqs
  NGuests,     \* requests of guest threads: the numbers after these
  NThreads,    \* IOThreads
  Forking,     \* requests that may fork a child
  Rounds,      \* changes, one after the other
  MayAbort,    \* whether a deadline may pass
  Mutants

Reqs == 1..NReqs
Guests == (NReqs + 1)..(NReqs + NGuests)
All == Reqs \cup Guests
IoThreads == 1..NThreads
ThreadOf(r) == ((r - 1) % NThreads) + 1

\* The completion callback of the first request waits for the second one.
CallbackOf(r) == IF r = 1 /\ NReqs > 1 THEN {2} ELSE {}

On(m) == m \in Mutants

VARIABLES
  pub,         \* Publisher.current: the graph's number and its gate, one object
  apart,       \* the gate in a field of its own (a mutant reads it)
  req,         \* req[r], see NewReq
  kid,         \* kid[r]: the child of r: none, run, parked, done
  awaited,     \* requests that wait for their child
  ran,         \* ghost: requests that have run
  twice,       \* ghost: a request was taken from a queue that it had left, or ran again
  io,          \* io[t]: awake, announced, asleep
  signal,      \* signal[t]: Virtqueue.releaseSignal
  walk,        \* walk[t]: parked requests that readmit() has still to look at
  clear,       \* clear[t]: the flag is still to be taken down (a mutant only)
  gq,          \* guest requests that wait at the gate
  ctl,         \* the change: idle, gating, gated, drain, change, publishing, release
  tell,        \* what release has still to do
  pre,         \* tokens that the grace period waits for
  round

vars == <<pub, apart, req, kid, awaited, ran, twice, io, signal, walk, clear, gq, ctl, tell,
          pre, round>>

(* at: new, queued, taken, counted, loaded, parked, run, callback, done.   *)
(* gate: what the load said, "?" before a mutant's second load.            *)
(* recheck: a guest's second look at the version is still due.             *)
NewReq == [at |-> "new", token |-> FALSE, ver |-> 0, gate |-> FALSE, recheck |-> FALSE]

Init ==
  /\ pub = [graph |-> 1, gate |-> FALSE]
  /\ apart = FALSE
  /\ req = [r \in All |-> NewReq]
  /\ kid = [r \in All |-> "none"]
  /\ awaited = {}
  /\ ran = {}
  /\ twice = FALSE
  /\ io = [t \in IoThreads |-> "awake"]
  /\ signal = [t \in IoThreads |-> FALSE]
  /\ walk = [t \in IoThreads |-> {}]
  /\ clear = [t \in IoThreads |-> FALSE]
  /\ gq = {}
  /\ ctl = "idle"
  /\ tell = {}
  /\ pre = {}
  /\ round = 0

Own(r) == <<r, "own">>
Kid(r) == <<r, "kid">>
Mine(t) == {r \in Reqs : ThreadOf(r) = t}
Admitting(t) == \E r \in Mine(t) : req[r].at \in {"taken", "counted", "loaded"}
HasWork(t) == signal[t] \/ \E r \in Mine(t) : req[r].at = "queued"

Wake(t) == IF io[t] = "asleep" \/ (io[t] = "announced" /\ ~On("io-sleep-no-recheck"))
           THEN [io EXCEPT ![t] = "awake"] ELSE io

----------------------------------------------------------------------------
(* The producer and the IOThread's cycle *)

\* Virtqueue.submit and kick
Submit(r) ==
  /\ req[r].at = "new"
  /\ req' = [req EXCEPT ![r].at = IF r \in Guests THEN "taken" ELSE "queued"]
  /\ io' = IF r \in Guests THEN io ELSE Wake(ThreadOf(r))
  /\ UNCHANGED <<pub, apart, kid, awaited, ran, twice, signal, walk, clear, gq, ctl, tell, pre, round>>

Free(t) == io[t] = "awake" /\ ~Admitting(t)

\* Virtqueue.poll: the flag goes down before the list is looked at.
TakeSignal(t) ==
  /\ Free(t) /\ signal[t] /\ walk[t] = {} /\ ~clear[t]
  /\ walk' = [walk EXCEPT ![t] = {r \in Mine(t) : req[r].at = "parked"}]
  /\ IF On("io-flag-cleared-late")
     THEN /\ clear' = [clear EXCEPT ![t] = TRUE]
          /\ signal' = signal
     ELSE /\ signal' = [signal EXCEPT ![t] = FALSE]
          /\ clear' = clear
  \* children park here only in a mutant
  /\ kid' = [r \in All |-> IF r \in Mine(t) /\ kid[r] = "parked" /\ ~pub.gate THEN "run" ELSE kid[r]]
  /\ UNCHANGED <<pub, apart, req, awaited, ran, twice, io, gq, ctl, tell, pre, round>>

ClearLate(t) ==
  /\ Free(t) /\ clear[t] /\ walk[t] = {}
  /\ clear' = [clear EXCEPT ![t] = FALSE]
  /\ signal' = [signal EXCEPT ![t] = FALSE]
  /\ UNCHANGED <<pub, apart, req, kid, awaited, ran, twice, io, walk, gq, ctl, tell, pre, round>>

\* Virtqueue.readmit
Readmit(t) ==
  /\ Free(t)
  /\ \E r \in walk[t] :
       /\ req' = [req EXCEPT ![r].at = "taken"]
       /\ walk' = [walk EXCEPT ![t] = @ \ {r}]
  /\ UNCHANGED <<pub, apart, kid, awaited, ran, twice, io, signal, clear, gq, ctl, tell, pre, round>>

\* Virtqueue.accept
Accept(t) ==
  /\ Free(t) /\ walk[t] = {}
  /\ \E r \in Mine(t) : req[r].at = "queued" /\ req' = [req EXCEPT ![r].at = "taken"]
  /\ UNCHANGED <<pub, apart, kid, awaited, ran, twice, io, signal, walk, clear, gq, ctl, tell, pre, round>>

\* Sleeper.sleep: a cycle found nothing; announce.
Announce(t) ==
  /\ Free(t) /\ walk[t] = {} /\ ~clear[t] /\ ~HasWork(t)
  /\ io' = [io EXCEPT ![t] = "announced"]
  /\ UNCHANGED <<pub, apart, req, kid, awaited, ran, twice, signal, walk, clear, gq, ctl, tell, pre, round>>

\* Sleeper.sleep: look once more, then block.
Block(t) ==
  /\ io[t] = "announced"
  /\ io' = [io EXCEPT ![t] = IF HasWork(t) /\ ~On("io-sleep-no-recheck") THEN "awake" ELSE "asleep"]
  /\ UNCHANGED <<pub, apart, req, kid, awaited, ran, twice, signal, walk, clear, gq, ctl, tell, pre, round>>

IoStep(t) == TakeSignal(t) \/ ClearLate(t) \/ Readmit(t) \/ Accept(t) \/ Announce(t) \/ Block(t)

----------------------------------------------------------------------------
(* Admission: RcuAdmission.admit *)

CheckFirst == On("io-check-then-count")

Count(r) ==
  /\ req[r].at = (IF CheckFirst THEN "loaded" ELSE "taken")
  /\ CheckFirst => ~req[r].gate
  /\ req' = [req EXCEPT ![r].at = IF CheckFirst THEN "run" ELSE "counted", ![r].token = TRUE]
  /\ IF CheckFirst THEN ran' = ran \cup {r} /\ twice' = (twice \/ r \in ran)
                   ELSE UNCHANGED <<ran, twice>>
  /\ UNCHANGED <<pub, apart, kid, awaited, io, signal, walk, clear, gq, ctl, tell, pre, round>>

\* One load gives graph and gate.
Load(r) ==
  /\ req[r].at = (IF CheckFirst THEN "taken" ELSE "counted")
  /\ req[r].ver = 0
  /\ req' = [req EXCEPT ![r].at = IF On("graph-two-fields") THEN @ ELSE "loaded",
                        ![r].ver = pub.graph, ![r].gate = pub.gate]
  /\ UNCHANGED <<pub, apart, kid, awaited, ran, twice, io, signal, walk, clear, gq, ctl, tell, pre, round>>

LoadGateApart(r) ==
  /\ On("graph-two-fields")
  /\ req[r].at = "counted" /\ req[r].ver # 0
  /\ req' = [req EXCEPT ![r].at = "loaded", ![r].gate = apart]
  /\ UNCHANGED <<pub, apart, kid, awaited, ran, twice, io, signal, walk, clear, gq, ctl, tell, pre, round>>

Run(r) ==
  /\ req[r].at = "loaded" /\ ~req[r].gate /\ ~CheckFirst
  /\ req' = [req EXCEPT ![r].at = "run"]
  /\ ran' = ran \cup {r}
  /\ twice' = (twice \/ r \in ran)
  /\ UNCHANGED <<pub, apart, kid, awaited, io, signal, walk, clear, gq, ctl, tell, pre, round>>

\* upRead, then park: the list is the thread's own, so the two are one step for others.
Park(r) ==
  /\ req[r].at = "loaded" /\ req[r].gate
  /\ LET keep == On("io-park-holding")
     IN /\ req' = [req EXCEPT ![r] = [NewReq EXCEPT !.at = "parked", !.token = @ \/ (keep /\ ~CheckFirst),
                                                    !.recheck = r \in Guests]]
        /\ pre' = IF keep THEN pre ELSE pre \ {Own(r)}
  /\ gq' = IF r \in Guests THEN gq \cup {r} ELSE gq
  /\ UNCHANGED <<pub, apart, kid, awaited, ran, twice, io, signal, walk, clear, ctl, tell, round>>

\* A guest looks at the version again after it has queued its request.
Recheck(r) ==
  /\ r \in Guests /\ req[r].recheck
  /\ ~On("graph-no-recheck")
  /\ LET back == ~pub.gate /\ (r \in gq \/ On("io-take-back-blind"))
     IN /\ req' = [req EXCEPT ![r].recheck = FALSE,
                              ![r].at = IF back /\ r \in gq THEN "taken" ELSE @]
        /\ gq' = IF back THEN gq \ {r} ELSE gq
        /\ twice' = (twice \/ (back /\ r \notin gq))
  /\ UNCHANGED <<pub, apart, kid, awaited, ran, io, signal, walk, clear, ctl, tell, pre, round>>

AdmitStep(r) == Count(r) \/ Load(r) \/ LoadGateApart(r) \/ Run(r) \/ Park(r) \/ Recheck(r)

----------------------------------------------------------------------------
(* Requests that run *)

\* RcuAdmission.fork: counted with its parent, and no look at the gate. The parent waits
\* for it (copy-on-write read) or not (write-back).
Fork(r) ==
  /\ r \in Forking /\ req[r].at = "run" /\ kid[r] = "none"
  /\ kid' = [kid EXCEPT ![r] = IF On("io-child-gated") /\ pub.gate THEN "parked" ELSE "run"]
  /\ awaited' \in {awaited, awaited \cup {r}}
  /\ pre' = IF Own(r) \in pre /\ ~On("io-child-uncounted") /\ ~On("io-child-gated")
            THEN pre \cup {Kid(r)} ELSE pre
  /\ UNCHANGED <<pub, apart, req, ran, twice, io, signal, walk, clear, gq, ctl, tell, round>>

\* IoThread.finishChild
KidEnds(r) ==
  /\ kid[r] = "run"
  /\ kid' = [kid EXCEPT ![r] = "done"]
  /\ pre' = pre \ {Kid(r)}
  /\ UNCHANGED <<pub, apart, req, awaited, ran, twice, io, signal, walk, clear, gq, ctl, tell, round>>

\* Virtqueue.finish: upRead first, then the completion is delivered.
Finish(r) ==
  /\ req[r].at = "run"
  /\ r \in awaited => kid[r] = "done"
  /\ LET keep == On("io-callback-first")
     IN /\ req' = [req EXCEPT ![r].at = "callback", ![r].token = keep]
        /\ pre' = IF keep THEN pre ELSE pre \ {Own(r)}
  /\ UNCHANGED <<pub, apart, kid, awaited, ran, twice, io, signal, walk, clear, gq, ctl, tell, round>>

Callback(r) ==
  /\ req[r].at = "callback"
  /\ \A other \in CallbackOf(r) : req[other].at = "done"
  /\ req' = [req EXCEPT ![r] = [NewReq EXCEPT !.at = "done"]]
  /\ pre' = pre \ {Own(r)}
  /\ UNCHANGED <<pub, apart, kid, awaited, ran, twice, io, signal, walk, clear, gq, ctl, tell, round>>

----------------------------------------------------------------------------
(* The change: Transaction and Publisher *)

Gate ==
  /\ ctl = "idle" /\ round < Rounds
  /\ IF On("graph-no-gate")
     THEN pub' = pub /\ ctl' = "change"
     ELSE pub' = [pub EXCEPT !.gate = TRUE] /\ ctl' = "gating"
  /\ UNCHANGED <<apart, req, kid, awaited, ran, twice, io, signal, walk, clear, gq, tell, pre, round>>

GateApart ==
  /\ ctl = "gating"
  /\ apart' = TRUE
  /\ ctl' = "gated"
  /\ UNCHANGED <<pub, req, kid, awaited, ran, twice, io, signal, walk, clear, gq, tell, pre, round>>

\* GraceWait.await: a grace period begins; what is counted now is waited for.
DrainBegins ==
  /\ ctl = "gated"
  /\ pre' = {Own(r) : r \in {x \in All : req[x].token}}
            \cup {Kid(r) : r \in {x \in All : kid[x] = "run" /\ ~On("io-child-uncounted")}}
  /\ ctl' = "drain"
  /\ UNCHANGED <<pub, apart, req, kid, awaited, ran, twice, io, signal, walk, clear, gq, tell, round>>

DrainEnds ==
  /\ ctl = "drain" /\ pre = {}
  /\ ctl' = "change"
  /\ UNCHANGED <<pub, apart, req, kid, awaited, ran, twice, io, signal, walk, clear, gq, tell, pre, round>>

Everybody == {<<"signal", t>> : t \in IoThreads} \cup {<<"guests", 0>>}
Publication(graph) == pub' = [graph |-> graph, gate |-> FALSE]

\* Publisher.publish: the exchange, then the release hooks. A mutant calls them first.
Commit ==
  /\ ctl = "change"
  /\ IF On("graph-release-before-publish")
     THEN pub' = pub /\ ctl' = "release"
     ELSE Publication(pub.graph + 1) /\ ctl' = "publishing"
  /\ tell' = Everybody
  /\ UNCHANGED <<apart, req, kid, awaited, ran, twice, io, signal, walk, clear, gq, pre, round>>

UngateApart ==
  /\ ctl = "publishing"
  /\ apart' = FALSE
  /\ ctl' = "release"
  /\ UNCHANGED <<pub, req, kid, awaited, ran, twice, io, signal, walk, clear, gq, tell, pre, round>>

\* Transaction.abort at the deadline
Abort ==
  /\ MayAbort /\ ctl = "drain"
  /\ Publication(pub.graph)
  /\ pre' = {}
  /\ ctl' = "publishing"
  /\ tell' = IF On("graph-abort-no-release") THEN {} ELSE Everybody
  /\ UNCHANGED <<apart, req, kid, awaited, ran, twice, io, signal, walk, clear, gq, round>>

\* Device.released: Virtqueue.signalRelease, in two steps ...
Signal(t) ==
  /\ ctl = "release" /\ <<"signal", t>> \in tell
  /\ signal' = [signal EXCEPT ![t] = TRUE]
  /\ tell' = (tell \ {<<"signal", t>>}) \cup {<<"wake", t>>}
  /\ UNCHANGED <<pub, apart, req, kid, awaited, ran, twice, io, walk, clear, gq, ctl, pre, round>>

WakeUp(t) ==
  /\ ctl = "release" /\ <<"wake", t>> \in tell
  /\ io' = Wake(t)
  /\ tell' = tell \ {<<"wake", t>>}
  /\ UNCHANGED <<pub, apart, req, kid, awaited, ran, twice, signal, walk, clear, gq, ctl, pre, round>>

\* ... and who waits in the queue of the guests.
ReleaseGuests ==
  /\ ctl = "release" /\ <<"guests", 0>> \in tell
  /\ req' = [r \in All |-> IF r \in gq THEN [req[r] EXCEPT !.at = "taken"] ELSE req[r]]
  /\ gq' = {}
  /\ tell' = tell \ {<<"guests", 0>>}
  /\ UNCHANGED <<pub, apart, kid, awaited, ran, twice, io, signal, walk, clear, ctl, pre, round>>

Released ==
  /\ ctl = "release" /\ tell = {}
  /\ IF On("graph-release-before-publish") /\ pub.gate
     THEN Publication(pub.graph + 1) /\ apart' = FALSE
     ELSE UNCHANGED <<pub, apart>>
  /\ ctl' = "idle"
  /\ round' = round + 1
  /\ UNCHANGED <<req, kid, awaited, ran, twice, io, signal, walk, clear, gq, tell, pre>>

Control == Gate \/ GateApart \/ DrainBegins \/ DrainEnds \/ Commit \/ UngateApart
           \/ (\E t \in IoThreads : Signal(t) \/ WakeUp(t)) \/ ReleaseGuests \/ Released

----------------------------------------------------------------------------
Next == \/ Control \/ Abort
        \/ \E t \in IoThreads : IoStep(t)
        \/ \E r \in All : Submit(r) \/ AdmitStep(r) \/ Fork(r) \/ KidEnds(r) \/ Finish(r) \/ Callback(r)

\* A deadline need not pass, and a request need not fork.
Fairness ==
  /\ WF_vars(Control)
  /\ \A t \in IoThreads : WF_vars(IoStep(t))
  /\ \A r \in All : /\ WF_vars(Submit(r)) /\ WF_vars(AdmitStep(r)) /\ WF_vars(KidEnds(r))
                    /\ WF_vars(Finish(r)) /\ WF_vars(Callback(r))

Spec == Init /\ [][Next]_vars /\ Fairness

(* S7 and S8, guarantee F: between the end of the gating grace period and  *)
(* the publication that ungates, nothing runs: no request and no child.    *)
GateExclusion == ctl = "change" => \A r \in All : req[r].at # "run" /\ kid[r] # "run"

(* S1 and S8: what runs, runs on the graph that is current, for each       *)
(* change here is drained: nothing that began before it outlives it, and   *)
(* no snapshot joins one graph with the gate of another.                   *)
NothingStale == \A r \in All : (req[r].at = "run" \/ kid[r] = "run") /\ req[r].ver # 0
                                 => req[r].ver = pub.graph

(* S9, guarantee H: no request is taken from a queue twice or runs twice.  *)
ExactlyOnce == ~twice

(* Guarantee G: a parked request holds no token.                           *)
ParkedHoldNothing == \A r \in All : req[r].at = "parked" => ~req[r].token

(* L5, guarantees G and H: every request completes, parked or not, whether *)
(* the change commits or gives up; no deadlock through the gate.           *)
EveryRequestEnds == \A r \in All : (req[r].at # "new") ~> (req[r].at = "done")

(* Guarantee I: a change that gives up never and meets no hung request     *)
(* commits.                                                                *)
EveryChangeEnds == <>(round = Rounds)
=============================================================================
