"""Everything that can go wrong, as one tree. No HTTP and no terminal in it: `api.problems` maps it outward.

KesherError
├── NotFound
│   ├── UnknownEntity            no such entity, role or tool
│   ├── UnknownQuestion          no such named query
│   ├── UnknownQuery             no such saved query or example question
│   ├── UnknownSnapshot          a state of the graph that is not kept, or not yet there
│   ├── UnknownJob               no such job, or it is another's, or its report has expired
│   └── Withdrawn                it was here and was taken away
├── BadInput
│   ├── InvalidParameter         a value outside its range; names the parameter
│   ├── MalformedQuery           SPARQL that does not parse; carries line and column
│   ├── ForbiddenQuery           SERVICE, LOAD, an update at the query door
│   ├── QueryTooComplex          refused by the gate before any evaluation
│   ├── UnreadableFile           a file or record that no reader can take; carries its place
│   ├── UnsupportedFormat        no reader or writer for this media type
│   ├── InvalidEntity            an entry would not have the shape it should; names each field with its remedy
│   └── NotAcceptable            none of the formats asked for can be made
├── LimitReached
│   ├── QueryTimeout             stopped at the time limit
│   ├── QueryMemoryLimit         stopped at the memory limit
│   ├── ResultTooLarge           more than can be sent
│   ├── TooManyJobs              a client has as many jobs waiting as one may
│   └── BudgetSpent              a client has used up its query-seconds for now; says for how long
│       └── TooOften             an address asks, writes or tries tokens too often
├── Unavailable
│   ├── NoWorker                 all query workers are busy or restarting
│   ├── EncoderBusy              too many texts are being encoded at once; words can still be searched
│   ├── QueueFull                as many jobs wait as may
│   ├── DiskLow                  the disk of the data folder has no room for what is coming
│   ├── NotReady                 the service, or a part of it, is still starting
│   └── RemoteStoreFailed        the graph store at an endpoint does not answer, or not as it should
├── Denied
│   ├── Unauthenticated          no token, a broken one, an expired one
│   └── MissingScope             a valid token without the scope this needs
├── Conflict
│   ├── FolderInUse              another process holds the data folder; names it
│   ├── StaleEdit                what is being edited has changed meanwhile
│   ├── MissingPrecondition      a change of what exists does not say which version it was made against
│   ├── WrongState               an entry cannot go from the state that it is in to the one asked for
│   └── ChangedOutside           another program has written to the graph store at an endpoint
└── Misconfigured
    ├── FolderTooNew             written by a later version of Kesher
    ├── FolderTooOld             needs `kesher migrate`
    ├── FolderDamaged            the stores of the folder disagree or cannot be opened
    └── ModelMismatch            the model's files are not the ones that were pinned
"""

from __future__ import annotations

from ontology.errors.asking import (
    BadInput,
    ChangedOutside,
    Conflict,
    Denied,
    FolderInUse,
    ForbiddenQuery,
    InvalidEntity,
    InvalidParameter,
    MalformedQuery,
    MissingPrecondition,
    MissingScope,
    NotAcceptable,
    NotFound,
    QueryTooComplex,
    StaleEdit,
    Unauthenticated,
    UnknownEntity,
    UnknownJob,
    UnknownQuery,
    UnknownQuestion,
    UnknownSnapshot,
    UnreadableFile,
    UnsupportedFormat,
    Withdrawn,
    WrongState,
)
from ontology.errors.root import (
    KesherError,
)
from ontology.errors.serving import (
    BudgetSpent,
    DiskLow,
    EncoderBusy,
    FolderDamaged,
    FolderTooNew,
    FolderTooOld,
    LimitReached,
    Misconfigured,
    ModelMismatch,
    NotReady,
    NoWorker,
    QueryMemoryLimit,
    QueryTimeout,
    QueueFull,
    RemoteStoreFailed,
    ResultTooLarge,
    TooManyJobs,
    TooOften,
    Unavailable,
)

__all__ = [
    "BadInput",
    "BudgetSpent",
    "ChangedOutside",
    "Conflict",
    "Denied",
    "DiskLow",
    "EncoderBusy",
    "FolderDamaged",
    "FolderInUse",
    "FolderTooNew",
    "FolderTooOld",
    "ForbiddenQuery",
    "InvalidEntity",
    "InvalidParameter",
    "KesherError",
    "LimitReached",
    "MalformedQuery",
    "Misconfigured",
    "MissingPrecondition",
    "MissingScope",
    "ModelMismatch",
    "NoWorker",
    "NotAcceptable",
    "NotFound",
    "NotReady",
    "QueryMemoryLimit",
    "QueryTimeout",
    "QueryTooComplex",
    "QueueFull",
    "RemoteStoreFailed",
    "ResultTooLarge",
    "StaleEdit",
    "TooManyJobs",
    "TooOften",
    "Unauthenticated",
    "Unavailable",
    "UnknownEntity",
    "UnknownJob",
    "UnknownQuery",
    "UnknownQuestion",
    "UnknownSnapshot",
    "UnreadableFile",
    "UnsupportedFormat",
    "Withdrawn",
    "WrongState",
]
