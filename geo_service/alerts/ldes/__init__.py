"""Event streams for other systems (LDES): each state of works, repairs and conflicts, in pages that never change, in the words of OSLO."""
