"""The server side of Twocan: one private ejabberd node, and the accounts of a site's people."""
