package io.binnacle.bolt;

/** A page to be written at commit: the elements [from, to) of a spilled node. */
record NodePage(Node node, int from, int to, long id, int span) {}
