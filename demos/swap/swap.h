// The runs of the demo `swap`, and what is claimed and shown of them.
#pragma once

#include "demos/lab/report.h"
#include "demos/models/encodings.h"
#include "demos/models/poem_task.h"

namespace ordinal::demos {

std::vector<std::string> all_swap_encodings();    // all that have a meaning where tokens see both sides

// A row for each encoding; a table has three, with the rows that training has not reached as they are, with the trained
// ones repeated, and with Su's hierarchical continuation. Kept: the three likeliest tokens for each hidden one of the
// first window of each kind, [N, 3].
Measurements swap_runs(const PoemTask& task, const std::vector<std::string>& encodings,
                       const std::vector<std::uint64_t>& seeds, Index steps);

std::vector<Claim> swap_claims(double never);

Table swap_table_of(const Measurements& found, const PoemTask& task);     // the best inside first
Table poems_table_of(const Measurements& found, const PoemTask& task);    // what the first seed's models would write
void show_swap(const Measurements& found, const PoemTask& task, Report& report, std::ostream& out = std::cout);

}    // namespace ordinal::demos
