# Take statements out and put others in, if the store is as the writer has seen it; one operation, so all or nothing.
DELETE { $removed }
INSERT { $added }
WHERE { $condition }
