"""The pages of the portal: plain HTML from templates, in Hebrew, Arabic and English."""
