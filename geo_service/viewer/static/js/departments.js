/** The departments of a city (domain/rules.py), in the order of lists. */
export const DEPARTMENTS = ["nutsen", "werkplaatsen", "publiek_domein", "patrimonium", "stedenbouw"];
