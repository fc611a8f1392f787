"""The benchmarks: the same work, in several sizes and on both databases, as ratios to a bare page.

`make bench` runs all of it in some minutes, prints a table and writes bench/results/*.json. Times of one machine say
little about another; a ratio to the floor, measured in the same run on the same server, does."""
