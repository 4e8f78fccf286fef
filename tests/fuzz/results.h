// Results of demos, as the gallery, the comparison and the book's tables read them.
#pragma once

#include "demos/gallery/compare.h"
#include "demos/gallery/page.h"
#include "demos/gallery/quote.h"
#include "tests/fuzz/json_changes.h"
#include "tests/fuzz/target.h"
#include "tests/temp_folder.h"

namespace ordinal::fuzz {

inline const Target results{.feed =
                                [](const std::string& bytes) {
                                    Json demo;
                                    try {
                                        demo = demos::parse_results(bytes, "a.json");
                                    } catch (const FileError&) {
                                        return;
                                    }
                                    // What is taken for results can be shown, compared and quoted, but for a picture
                                    // that is not there.
                                    static const TempFolder folder;
                                    try {
                                        demos::gallery_page({demo}, folder.path(), folder.path());
                                    } catch (const FileError&) {
                                    }
                                    must_hold(demos::differences(demo, demo).empty(),
                                              "results are the same as themselves");
                                    for (const Json& table : demo.at("tables"))
                                        markdown(demos::quoted_table(demo, table.at("name").get<std::string>()));
                                    markdown(demos::quoted_table(demo, "expectations"));
                                },
                            .changed =
                                [](const std::string& bytes, Rng& rng) {
                                    const Json tree = Json::parse(bytes, nullptr, /*allow_exceptions=*/false);
                                    return (tree.is_discarded() ? any_value(rng) : changed(tree, rng)).dump();
                                }};

}    // namespace ordinal::fuzz
