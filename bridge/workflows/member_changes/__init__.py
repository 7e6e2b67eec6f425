"""Adding and changing single members by hand, with what follows in Moodle and for milestones."""
