"""Pictures of boxes and arrows: a plan is arranged, and the arrangement is written as SVG; always the same one."""
