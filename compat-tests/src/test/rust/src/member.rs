//! A member of a group that writes down its history; ChurnMember.java says what it does.

use std::collections::BTreeMap;
use std::io::BufRead;
use std::sync::mpsc;
use std::time::Duration;

use rdkafka::bindings as native;
use rdkafka::client::ClientContext;
use rdkafka::consumer::{BaseConsumer, CommitMode, Consumer, ConsumerContext, Rebalance};
use rdkafka::error::KafkaResult;
use rdkafka::message::Message;
use rdkafka::{Offset, TopicPartitionList};

use crate::{config, Outcome};

const MOST_RECORDS: usize = 200;

/// The time of the machine's monotonic clock.
fn nanos() -> i64 {
    let mut at = libc::timespec { tv_sec: 0, tv_nsec: 0 };
    // SAFETY: the structure outlives the call, and this clock is always there.
    unsafe { libc::clock_gettime(libc::CLOCK_MONOTONIC, &mut at) };
    at.tv_sec * 1_000_000_000 + at.tv_nsec
}

struct Lines;

impl Lines {
    fn partitions(&self, kind: &str, list: &TopicPartitionList) {
        for each in list.elements() {
            println!("{kind} {} {} {}", each.topic(), each.partition(), nanos());
        }
    }
}

impl ClientContext for Lines {}

impl ConsumerContext for Lines {
    fn pre_rebalance(&self, _: &BaseConsumer<Self>, rebalance: &Rebalance<'_>) {
        match rebalance {
            Rebalance::Assign(list) => self.partitions("assigned", list),
            Rebalance::Revoke(list) => self.partitions("revoked", list),
            Rebalance::Error(_) => {}
        }
    }

    fn commit_callback(&self, result: KafkaResult<()>, offsets: &TopicPartitionList) {
        if result.is_err() {
            println!("unstored ERROR");
            return;
        }
        for each in offsets.elements() {
            if let (Ok(()), Offset::Offset(offset)) = (each.error(), each.offset()) {
                println!("stored {} {} {offset} {}", each.topic(), each.partition(), nanos());
            }
        }
    }
}

/// The generation is the number behind the version of the opaque metadata; negative without one.
fn generation(consumer: &BaseConsumer<Lines>) -> i32 {
    // SAFETY: the consumer lives; what the library hands out is given back once, by the functions made for it.
    unsafe {
        let metadata = native::rd_kafka_consumer_group_metadata(consumer.client().native_ptr());
        let mut bytes = std::ptr::null_mut();
        let mut size = 0;
        let error = native::rd_kafka_consumer_group_metadata_write(metadata, &mut bytes, &mut size);
        native::rd_kafka_consumer_group_metadata_destroy(metadata);
        assert!(error.is_null());
        let text = std::slice::from_raw_parts(bytes as *const u8, size);
        let start = text.iter().position(|byte| *byte == b':').expect("a version") + 1;
        let number = i32::from_le_bytes(text[start..start + 4].try_into().expect("four bytes"));
        native::rd_kafka_mem_free(std::ptr::null_mut(), bytes);
        number
    }
}

fn consume(consumer: &BaseConsumer<Lines>, epoch: &mut i32, waits: bool) -> Outcome {
    let mut offsets = BTreeMap::new();
    let mut wait = Duration::from_millis(100);
    for _ in 0..MOST_RECORDS {
        let Some(Ok(message)) = consumer.poll(wait) else { break };
        wait = Duration::ZERO;
        let now = generation(consumer);
        if now != *epoch {
            *epoch = now;
            println!("epoch {}", if now < 0 { "-".to_string() } else { now.to_string() });
        }
        let value = String::from_utf8_lossy(message.payload().unwrap_or_default());
        println!("read {} {} {} {value}", message.topic(), message.partition(), message.offset());
        offsets.insert((message.topic().to_string(), message.partition()), message.offset() + 1);
    }
    if offsets.is_empty() {
        return Ok(());
    }
    let mut list = TopicPartitionList::new();
    for ((topic, partition), offset) in &offsets {
        list.add_partition_offset(topic, *partition, Offset::Offset(*offset))?;
    }
    let mode = if waits { CommitMode::Sync } else { CommitMode::Async };
    match consumer.commit(&list, mode) {
        Err(error) => println!("unstored {:?}", error.rdkafka_error_code()),
        Ok(()) if waits => consumer.context().commit_callback(Ok(()), &list),
        Ok(()) => {}
    }
    Ok(())
}

/// NAME SEED GROUP TOPIC PROTOCOL COMMIT.
pub fn run(broker: &str, arguments: &[String]) -> Outcome {
    let mut config = config(
        broker,
        &[
            ("client.id", &arguments[0]),
            ("group.id", &arguments[2]),
            ("group.protocol", &arguments[4]),
            ("enable.auto.commit", "false"),
            ("auto.offset.reset", "earliest"),
            ("topic.metadata.refresh.interval.ms", "1000"),
            ("reconnect.backoff.max.ms", "200"),
            ("max.poll.interval.ms", "10000"),
        ],
    );
    if arguments[4] == "classic" {
        config.set("session.timeout.ms", "10000").set("heartbeat.interval.ms", "500");
    }
    let consumer: BaseConsumer<Lines> = config.create_with_context(Lines)?;
    consumer.subscribe(&[&arguments[3]])?;
    let waits = arguments[5] == "sync";
    let (sender, commands) = mpsc::channel();
    std::thread::spawn(move || {
        for line in std::io::stdin().lock().lines().map_while(Result::ok) {
            let _ = sender.send(line);
        }
    });
    let mut epoch = -1;
    loop {
        match commands.try_recv() {
            Err(mpsc::TryRecvError::Empty) => consume(&consumer, &mut epoch, waits)?,
            Ok(line) if line.starts_with("hold ") => {
                println!("held {}", nanos());
                std::thread::sleep(Duration::from_millis(line[5..].parse()?));
            }
            _ => break,
        }
    }
    println!("held {}", nanos());
    drop(consumer);
    println!("left told");
    Ok(())
}
