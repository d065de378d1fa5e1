# A pattern that tells a witness what it binds; all that it finds passes the filter.
$template WHERE { $pattern FILTER($notes) }
