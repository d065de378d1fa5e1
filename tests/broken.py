"""Entries that each break one rule of the shapes, and what they point at, with which nothing is wrong."""

#: What the broken entries point at; nothing is wrong with it.
KNOWN = """
:role a ks:Role ; skos:prefLabel "role"@en .
:framework a ks:Framework ; skos:prefLabel "framework"@en .
:competency a ks:Competency ; skos:prefLabel "competency"@en ; skos:inScheme :framework .
:standard a ks:ProfessionalStandard ; skos:prefLabel "standard"@en .
:source a ks:ResearchSource ; skos:prefLabel "source"@en ; dcterms:creator "A., B." .
:kind a skos:Concept ; skos:prefLabel "kind"@en .
:physics a ks:Subject ; skos:prefLabel "physics"@en .
:organisation a org:Organization ; skos:prefLabel "organisation"@en .
:credential a ks:Credential ; skos:prefLabel "credential"@en ; ks:certifies :competency .
:programme a ks:TrainingProgramme ; skos:prefLabel "programme"@en .
:proficiency a asn:ProgressionLevel ; skos:prefLabel "proficiency"@en ; ks:ordinal 1 .
:tool a ks:Tool ; skos:prefLabel "tool"@en .
:doubt a skosxl:Label ; skosxl:literalForm "ספק"@he ; ks:certainty "uncertain" ; ks:needsReview true .
"""

TOOL = 'a ks:Tool ; skos:prefLabel "tool"@en'
SOURCE = 'a ks:ResearchSource ; skos:prefLabel "source"@en ; dcterms:creator "A., B."'
COMPETENCY = 'a ks:Competency ; skos:prefLabel "competency"@en'
REQUIREMENT = "a ks:CompetencyRequirement ; ks:role :role ; ks:competency :competency"

JOB = (
    'a ks:JobDefinition ; skos:prefLabel "job"@en ; ks:role :role ; dcterms:publisher :organisation ; '
    'owl:versionInfo "1" ; schema:validFrom "2026-09-01"^^xsd:date'
)
ITEM = 'a ks:StandardItem ; skos:prefLabel "item"@en ; dcterms:isPartOf :standard ; ks:ordinal 1'
CLAIM = 'a ks:EvidenceClaim ; skos:prefLabel "claim"@en ; schema:about :tool ; ks:supportedBy :source'
PROGRAMME = 'a ks:TrainingProgramme ; skos:prefLabel "programme"@en'
ACCREDITATION = (
    'a ks:Accreditation ; skos:prefLabel "a"@en ; ks:accredits :programme ; ceterms:actingAgent :organisation ; '
    'schema:validFrom "2026-09-01"^^xsd:date ; schema:validThrough "2027-08-31"^^xsd:date'
)
CREDENTIAL = 'a ks:Credential ; skos:prefLabel "credential"@en ; ks:certifies :competency'
STEP = "a ks:PathwayStep ; ks:ordinal 1 ; ks:toRole :role"
EVENT = 'a ks:Event ; skos:prefLabel "event"@en ; schema:startDate "2026-11-01"^^xsd:date'
COMMUNITY = 'a ks:Community ; skos:prefLabel "community"@en'
RECORD = 'a ks:PracticeRecord ; skos:prefLabel "record"@en ; ks:consent "school"'
MISCONCEPTION = 'a ks:Misconception ; skos:prefLabel "m"@en ; ks:correction "c"@en'
LINK = (
    "a ks:Link ; owl:annotatedSource :tool ; owl:annotatedProperty ks:develops ; owl:annotatedTarget :competency ; "
    'ks:linkState "proposed"'
)
BAND = 'a ks:GradeBand ; skos:prefLabel "band"@en'

#: Name of a broken entry, what is said of it, and the property that its violation names ("" where none does).
BROKEN = {
    "role-without-english": ('a ks:Role ; skos:prefLabel "תפקיד"@he', "skos:prefLabel"),
    "role-named-twice": ('a ks:Role ; skos:prefLabel "a"@en , "b"@en', "skos:prefLabel"),
    "role-of-no-group": ('a ks:Role ; skos:prefLabel "a"@en ; ks:roleGroup "other"', "ks:roleGroup"),
    "role-requires-tool": ('a ks:Role ; skos:prefLabel "a"@en ; ks:requires :kind', "ks:requires"),
    "role-requires-unknown": ('a ks:Role ; skos:prefLabel "a"@en ; ks:requires :nothing', "ks:requires"),
    "role-with-false-standard": ('a ks:Role ; skos:prefLabel "a"@en ; ks:hasStandard :competency', "ks:hasStandard"),
    "requirement-without-role": ("a ks:CompetencyRequirement ; ks:competency :competency ; ks:importance 3", "ks:role"),
    "requirement-of-nothing": ("a ks:CompetencyRequirement ; ks:role :role ; ks:importance 3", "ks:competency"),
    "importance-six": (f"{REQUIREMENT} ; ks:importance 6", "ks:importance"),
    "importance-as-text": (f'{REQUIREMENT} ; ks:importance "5"', "ks:importance"),
    "importance-missing": (REQUIREMENT, "ks:importance"),
    "weight-above-one": (f"{REQUIREMENT} ; ks:importance 3 ; ks:weight 1.2", "ks:weight"),
    "weight-below-zero": (f"{REQUIREMENT} ; ks:importance 3 ; ks:weight -0.2", "ks:weight"),
    "competency-with-two-codes": (f'{COMPETENCY} ; skos:notation "A.1" , "A.2"', "skos:notation"),
    "competency-four-deep": (f"{COMPETENCY} ; ks:depth 4", "ks:depth"),
    "competency-under-a-tool": (f"{COMPETENCY} ; skos:broader :kind", "skos:broader"),
    "competency-in-no-framework": (f"{COMPETENCY} ; skos:inScheme :kind", "skos:inScheme"),
    "standard-of-nothing": ('a ks:ProfessionalStandard ; skos:prefLabel "s"@en ; ks:evidences :role', "ks:evidences"),
    "tool-of-two-kinds": (f"{TOOL} ; ks:toolKind :kind , :kind2", "ks:toolKind"),
    "tool-develops-source": (f"{TOOL} ; ks:develops :source", "ks:develops"),
    "tool-supported-by-tool": (f"{TOOL} ; ks:supportedBy :kind", "ks:supportedBy"),
    "tool-for-all": (f"{TOOL} ; ks:subject :all", "ks:subject"),
    "tool-upside-down": (f"{TOOL} ; ks:gradeMin 9 ; ks:gradeMax 7", "ks:gradeMin"),
    "tool-below-kindergarten": (f"{TOOL} ; ks:gradeMin -1 ; ks:gradeMax 7", "ks:gradeMin"),
    "tool-for-grade-k": (f'{TOOL} ; ks:gradeMax "K"', "ks:gradeMax"),
    "tool-of-research-grade-five": (f"{TOOL} ; ks:researchGrade 5", "ks:researchGrade"),
    "tool-of-field-grade-five": (f"{TOOL} ; ks:fieldGrade 5", "ks:fieldGrade"),
    "tool-in-hebrew-by-name": (f'{TOOL} ; dcterms:language "Hebrew"', "dcterms:language"),
    "tool-of-a-language-and-none": (f'{TOOL} ; dcterms:language "he" ; ks:languageIndependent true', ""),
    "entry-of-no-status": (f"{TOOL} ; ks:status ks:Tool", "ks:status"),
    "source-without-title": ('a ks:ResearchSource ; dcterms:creator "A., B."', "skos:prefLabel"),
    "source-without-authors": ('a ks:ResearchSource ; skos:prefLabel "s"@en', "dcterms:creator"),
    "source-of-about-2021": (f'{SOURCE} ; dcterms:issued "2021 (online)"', "dcterms:issued"),
    "source-with-doi-as-address": (f'{SOURCE} ; bibo:doi "https://doi.org/10.1000/1"', "bibo:doi"),
    "source-verified-somehow": (f'{SOURCE} ; ks:verification "somehow"', "ks:verification"),
    "source-with-page-as-text": (f'{SOURCE} ; foaf:page "example.org"', "foaf:page"),
    "source-with-unverified-link": (f"{SOURCE} ; foaf:page <https://doi.org/10.1000/1>", ""),
    "source-with-doubted-doi": (f'{SOURCE} ; bibo:doi "10.1000/1" ; ks:verification "from_memory_unverified"', ""),
    "method-with-unverified-link": (
        'a ks:MethodSource ; skos:prefLabel "m"@en ; dcterms:creator "A., B." ; foaf:page <http://dx.doi.org/10.1/1>',
        "",
    ),
    "label-without-text": ('a skosxl:Label ; ks:certainty "sure"', "skosxl:literalForm"),
    "label-without-language": ('a skosxl:Label ; skosxl:literalForm "a" ; ks:certainty "sure"', "skosxl:literalForm"),
    "label-without-certainty": ('a skosxl:Label ; skosxl:literalForm "א"@he', "ks:certainty"),
    "label-unmarked": ('a skosxl:Label ; skosxl:literalForm "א"@he ; ks:certainty "likely"', ""),
    "uncertain-yet-preferred": (f"{TOOL} ; skosxl:prefLabel :doubt", None),
    "concept-without-name": ("a skos:Concept", "skos:prefLabel"),
    "subject-without-english": ('a ks:Subject ; skos:prefLabel "מדע"@he', "skos:prefLabel"),
    "scheme-without-name": ("a skos:ConceptScheme", "skos:prefLabel"),
    "review-some-day": (f'{TOOL} ; ks:nextReview "soon"', "ks:nextReview"),
    "replaced-by-words": (f'{TOOL} ; dcterms:isReplacedBy "another"', "dcterms:isReplacedBy"),
    "valid-backwards": (
        f'{TOOL} ; schema:validFrom "2027-01-01"^^xsd:date ; schema:validThrough "2026-01-01"^^xsd:date',
        "schema:validFrom",
    ),
    "valid-until-summer": (f'{TOOL} ; schema:validThrough "summer"', "schema:validThrough"),
    "band-without-lowest": (f"{BAND} ; ks:gradeMax 9", "ks:gradeMin"),
    "band-without-highest": (f"{BAND} ; ks:gradeMin 7", "ks:gradeMax"),
    "band-of-isced-nine": (f"{BAND} ; ks:gradeMin 7 ; ks:gradeMax 9 ; ks:iscedLevel 9", "ks:iscedLevel"),
    "tool-for-no-band": (f"{TOOL} ; ks:gradeBand :kind", "ks:gradeBand"),
    "tool-of-unknown-cost": (f"{TOOL} ; ks:cost :physics2", "ks:cost"),
    "tool-of-some-time": (f'{TOOL} ; lrmi:timeRequired "an hour"', "lrmi:timeRequired"),
    "grade-without-basis": (f"{TOOL} ; ks:researchGrade 3", "ks:evidenceBasis"),
    "field-grade-without-basis": (f"{TOOL} ; ks:fieldGrade 3", "ks:fieldBasis"),
    "role-leads-to-a-tool": ('a ks:Role ; skos:prefLabel "a"@en ; ks:leadsTo :tool', "ks:leadsTo"),
    "role-requires-no-credential": (
        'a ks:Role ; skos:prefLabel "a"@en ; ks:requiresCredential :tool',
        "ks:requiresCredential",
    ),
    "job-of-no-role": ('a ks:JobDefinition ; skos:prefLabel "job"@en', "ks:role"),
    "job-of-nobody": ('a ks:JobDefinition ; skos:prefLabel "job"@en ; ks:role :role', "dcterms:publisher"),
    "job-of-no-day": ('a ks:JobDefinition ; skos:prefLabel "job"@en ; ks:role :role', "schema:validFrom"),
    "job-of-no-version": ('a ks:JobDefinition ; skos:prefLabel "job"@en ; ks:role :role', "owl:versionInfo"),
    "job-of-many-hours": (f"{JOB} ; ks:weeklyHours 90.0", "ks:weeklyHours"),
    "job-with-task-as-text": (f'{JOB} ; ceterms:hasTask "lead"', "ceterms:hasTask"),
    "job-on-wordless-condition": (f'{JOB} ; ks:condition "five years"', "ks:condition"),
    "job-revising-a-role": (f"{JOB} ; prov:wasRevisionOf :role", "prov:wasRevisionOf"),
    "task-without-words": ("a ceterms:Task", "dcterms:description"),
    "requirement-at-no-level": (f"{REQUIREMENT} ; ks:importance 3 ; ks:requiredLevel :kind", "ks:requiredLevel"),
    "requirement-of-no-respondents": (f"{REQUIREMENT} ; ks:importance 3 ; ks:respondents 0", "ks:respondents"),
    "interval-upside-down": (
        f"{REQUIREMENT} ; ks:importance 3 ; ks:importanceLow 4.0 ; ks:importanceHigh 2.0",
        "ks:importanceLow",
    ),
    "interval-too-high": (f"{REQUIREMENT} ; ks:importance 3 ; ks:importanceHigh 5.5", "ks:importanceHigh"),
    "suppressed-perhaps": (f'{REQUIREMENT} ; ks:importance 3 ; ks:suppress "perhaps"', "ks:suppress"),
    "item-of-no-standard": ('a ks:StandardItem ; skos:prefLabel "item"@en ; ks:ordinal 1', "dcterms:isPartOf"),
    "item-without-place": (f"{ITEM.removesuffix(' ; ks:ordinal 1')}", "ks:ordinal"),
    "rubric-of-nothing": ('a asn:Rubric ; skos:prefLabel "rubric"@en', "asn:hasCriterion"),
    "criterion-of-one-level": ('a asn:RubricCriterion ; skos:prefLabel "c"@en ; ks:ordinal 1', "asn:hasLevel"),
    "criterion-of-a-tool": ('a asn:RubricCriterion ; skos:prefLabel "c"@en ; ks:competency :tool', "ks:competency"),
    "level-without-words": ("a asn:CriterionLevel ; ks:ordinal 1", "dcterms:description"),
    "claim-on-nothing": ('a ks:EvidenceClaim ; skos:prefLabel "claim"@en ; schema:about :tool', ""),
    "claim-about-words": (f"{CLAIM.replace(':tool', chr(34) + 'tools' + chr(34))}", "schema:about"),
    "claim-disputed-by-tool": (f"{CLAIM} ; ks:disputedBy :tool", "ks:disputedBy"),
    "claim-seen-in-a-tool": (f"{CLAIM} ; ks:observedIn :tool", "ks:observedIn"),
    "claim-of-wordless-population": (f'{CLAIM} ; ks:population "pupils"', "ks:population"),
    "claim-of-large-effect": (f'{CLAIM} ; ks:effectSize "large" ; ks:effectMeasure "g"', "ks:effectSize"),
    "effect-upside-down": (f"{CLAIM} ; ks:effectSizeLow 0.4 ; ks:effectSizeHigh 0.2", "ks:effectSizeLow"),
    "effect-up-to-large": (f'{CLAIM} ; ks:effectSizeHigh "large"', "ks:effectSizeHigh"),
    "effect-in-nothing": (f"{CLAIM} ; ks:effectSize 0.3", "ks:effectMeasure"),
    "programme-covers-standard": (f"{PROGRAMME} ; ks:covers :standard", "ks:covers"),
    "programme-for-a-tool": (f"{PROGRAMME} ; ks:preparesFor :tool", "ks:preparesFor"),
    "programme-of-no-hours": (f"{PROGRAMME} ; ks:hours 0.0", "ks:hours"),
    "programme-for-nobody": (f"{PROGRAMME} ; ks:places 0", "ks:places"),
    "programme-of-debts": (f'{PROGRAMME} ; ks:budgetAmount -5.0 ; schema:priceCurrency "ILS"', "ks:budgetAmount"),
    "programme-of-refunds": (
        f'{PROGRAMME} ; ks:costPerParticipant -5.0 ; schema:priceCurrency "ILS"',
        "ks:costPerParticipant",
    ),
    "programme-selecting-wordless": (f'{PROGRAMME} ; ks:selectionCriterion "best"', "ks:selectionCriterion"),
    "programme-watched-wordless": (f'{PROGRAMME} ; ks:supervision "often"', "ks:supervision"),
    "programme-watched-by-tool": (f"{PROGRAMME} ; ks:supervisedBy :tool", "ks:supervisedBy"),
    "programme-awards-a-tool": (f"{PROGRAMME} ; ks:awards :tool", "ks:awards"),
    "programme-in-coins": (f"{PROGRAMME} ; ks:budgetAmount 5.0", "schema:priceCurrency"),
    "offering-of-nothing": (f"{EVENT} ; a ks:ProgrammeOffering", "ks:offeringOf"),
    "accreditation-of-nothing": (f"{ACCREDITATION.replace('ks:accredits :programme ; ', '')}", "ks:accredits"),
    "accreditation-by-nobody": (
        f"{ACCREDITATION.replace('ceterms:actingAgent :organisation ; ', '')}",
        "ceterms:actingAgent",
    ),
    "accreditation-for-ever": (
        'a ks:Accreditation ; skos:prefLabel "a"@en ; ks:accredits :programme',
        "schema:validThrough",
    ),
    "credential-of-nothing": ('a ks:Credential ; skos:prefLabel "c"@en', "ks:certifies"),
    "credential-for-years": (f'{CREDENTIAL} ; ks:validFor "years"', "ks:validFor"),
    "pathway-without-steps": ('a ks:Pathway ; skos:prefLabel "p"@en', "ks:hasStep"),
    "step-to-nowhere": ("a ks:PathwayStep ; ks:ordinal 1", "ks:toRole"),
    "step-from-a-tool": (f"{STEP} ; ks:fromRole :tool", "ks:fromRole"),
    "step-by-a-tool": (f"{STEP} ; ks:viaProgramme :tool", "ks:viaProgramme"),
    "step-by-no-credential": (f"{STEP} ; ks:viaCredential :tool", "ks:viaCredential"),
    "community-for-a-tool": (f"{COMMUNITY} ; ks:forRole :tool", "ks:forRole"),
    "community-about-a-tool": (f"{COMMUNITY} ; schema:about :tool", "schema:about"),
    "community-meeting-wordless": (f'{COMMUNITY} ; ks:meetingRhythm "weekly"', "ks:meetingRhythm"),
    "event-some-day": ('a ks:Event ; skos:prefLabel "event"@en', "schema:startDate"),
    "event-ending-soon": (f'{EVENT} ; schema:endDate "soon"', "schema:endDate"),
    "event-by-a-tool": (f"{EVENT} ; schema:organizer :tool", "schema:organizer"),
    "event-of-no-kind": (f"{EVENT} ; ks:eventKind :role", "ks:eventKind"),
    "event-in-a-tool": (f"{EVENT} ; schema:superEvent :tool", "schema:superEvent"),
    "contributor-with-mail": ('a ks:Contributor ; skos:prefLabel "c"@en ; foaf:mbox <mailto:a@b.org>', "foaf:mbox"),
    "contributor-with-phone": ('a ks:Contributor ; skos:prefLabel "c"@en ; foaf:phone <tel:1>', "foaf:phone"),
    "record-seen-and-recognised": ('a ks:PracticeRecord ; skos:prefLabel "r"@en ; ks:consent "public"', ""),
    "record-for-friends": ('a ks:PracticeRecord ; skos:prefLabel "r"@en ; ks:consent "friends"', "ks:consent"),
    "record-hidden-somehow": (f'{RECORD} ; ks:anonymisation "some"', "ks:anonymisation"),
    "record-until-summer": (f'{RECORD} ; ks:consentExpires "summer"', "ks:consentExpires"),
    "record-withdrawn-once": (f'{RECORD} ; ks:consentWithdrawn "once"', "ks:consentWithdrawn"),
    "record-guardians-maybe": (f'{RECORD} ; ks:guardianConsent "maybe"', "ks:guardianConsent"),
    "record-from-a-tool": (f"{RECORD} ; prov:wasGeneratedBy :tool", "prov:wasGeneratedBy"),
    "record-using-a-role": (f"{RECORD} ; ks:usedTool :role", "ks:usedTool"),
    "record-of-no-misconception": (f"{RECORD} ; ks:observedMisconception :tool", "ks:observedMisconception"),
    "record-seen-wordless": (f'{RECORD} ; ks:observation "seen"', "ks:observation"),
    "record-ending-wordless": (f'{RECORD} ; ks:outcome "well"', "ks:outcome"),
    "record-cleared-by-word": (f'{RECORD} ; ks:clearedText "yes"', "ks:clearedText"),
    "episode-set-wordless": ('a ks:TeachingEpisode ; ks:setting "a class"', "ks:setting"),
    "misconception-uncorrected": ('a ks:Misconception ; skos:prefLabel "m"@en', "ks:correction"),
    "misconception-task-wordless": (f'{MISCONCEPTION} ; ks:diagnosticTask "ask"', "ks:diagnosticTask"),
    "misconception-by-a-role": (f"{MISCONCEPTION} ; ks:diagnosedBy :role", "ks:diagnosedBy"),
    "link-from-nowhere": ('a ks:Link ; ks:linkState "proposed"', "owl:annotatedSource"),
    "link-by-nothing": ('a ks:Link ; ks:linkState "proposed"', "owl:annotatedProperty"),
    "link-to-nowhere": ('a ks:Link ; ks:linkState "proposed"', "owl:annotatedTarget"),
    "link-in-no-state": (f'{LINK} ; ks:linkState "fine"', "ks:linkState"),
    "link-surely": (f"{LINK} ; sssom:confidence 1.5", "sssom:confidence"),
    "link-because": (f'{LINK} ; sssom:mapping_justification "because"', "sssom:mapping_justification"),
    "link-decided-by-nobody": (f"{LINK.replace('proposed', 'accepted')}", ""),
    "link-decided-by-name": (f'{LINK} ; sssom:reviewer_id "Dana"', "sssom:reviewer_id"),
    "overridden-nothing": ("a ks:OverriddenStatement", "rdf:subject"),
    "overridden-by-no-property": ("a ks:OverriddenStatement", "rdf:predicate"),
    "overridden-without-value": ("a ks:OverriddenStatement", "rdf:object"),
    "overridden-nowhere": ("a ks:OverriddenStatement", "ks:statedIn"),
    "status-without-names": ("a ks:Status", "rdfs:label"),
}
